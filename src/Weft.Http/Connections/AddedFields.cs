namespace Weft.Http;

/// <summary>What a proxy adds to one message: blocks made beforehand, and fields made for this message.</summary>
public sealed class AddedFields
{
    private const int MaxBlocks = 8;
    private const int OwnBytes = 512;

    private readonly FieldBlock?[] _blocks = new FieldBlock?[MaxBlocks];
    private byte[] _own = [];
    private int _blockCount;
    private int _ownLength;

    /// <summary>Adds a block.</summary>
    /// <exception cref="InvalidOperationException">More than eight blocks: a defect of the caller.</exception>
    public void Add(FieldBlock block)
    {
        if (_blockCount == MaxBlocks)
        {
            throw new InvalidOperationException("A message takes eight added blocks at the most.");
        }

        _blocks[_blockCount++] = block;
    }

    /// <summary>Adds one field, its name in lower case; false, and no field, when its value holds a control character or there is no room.</summary>
    public bool Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var needed = _ownLength + name.Length + value.Length + 4;
        if (needed > _own.Length)
        {
            Array.Resize(ref _own, Math.Max(needed, OwnBytes));
        }

        var writer = new HeadWriter(_own.AsSpan(_ownLength));
        writer.Field(name, value);
        if (writer.Failed)
        {
            return false;
        }

        _ownLength += writer.Written;
        return true;
    }

    /// <summary>Forgets everything, ready for the next message.</summary>
    public void Clear()
    {
        _blocks.AsSpan(0, _blockCount).Clear();
        _blockCount = 0;
        _ownLength = 0;
    }

    internal ReadOnlySpan<FieldBlock?> Blocks => _blocks.AsSpan(0, _blockCount);

    /// <summary>The fields that were added one by one, as HTTP/1.1 lines.</summary>
    internal ReadOnlySpan<byte> OwnLines => _own.AsSpan(0, _ownLength);

    internal void WriteTo(ref HeadWriter writer)
    {
        for (var i = 0; i < _blockCount; i++)
        {
            writer.Raw(_blocks[i]!.Lines);
        }

        writer.Raw(_own.AsSpan(0, _ownLength));
    }
}
