using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>What has come of a request's body, kept as long as it is not more than a bound, so that another attempt can send it again.</summary>
internal sealed class ReplayBuffer(BufferPool buffers)
{
    private const int FirstSize = 4 * 1024;

    // Pieces of a buffer that was outgrown may still be on their way to an endpoint.
    private readonly List<byte[]> _outgrown = [];
    private byte[] _bytes = [];
    private int _limit;
    private bool _hasAll;

    /// <summary>Bytes kept.</summary>
    public int Length { get; private set; }

    /// <summary>Everything that has come so far is here.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Begins to keep a body of which nothing has come yet.</summary>
    /// <param name="limit">Bytes; 0 keeps nothing.</param>
    public void Begin(int limit)
    {
        _limit = limit;
        _hasAll = false;
        Length = 0;
        IsWhole = limit > 0;
    }

    /// <summary>Whether <see cref="Append"/> would leave it as it is: whole, or not whole already.</summary>
    public bool Takes(BodyChunk chunk) => !IsWhole || Length + chunk.Data.Length <= _limit;

    /// <summary>Keeps a piece; when it is too much, the whole body is not kept any more.</summary>
    public void Append(BodyChunk chunk)
    {
        if (!IsWhole)
        {
            return;
        }

        if (!Takes(chunk))
        {
            IsWhole = false;
            return;
        }

        var needed = Length + chunk.Data.Length;
        if (needed > _bytes.Length)
        {
            Grow(needed);
        }

        chunk.Data.CopyTo(_bytes.AsMemory(Length));
        Length = needed;
        _hasAll = chunk.IsLast;
    }

    /// <summary>What was kept from a place on.</summary>
    public BodyChunk From(int offset) =>
        new(_bytes.AsMemory(offset, Length - offset), _hasAll ? BodyState.Last : BodyState.More);

    /// <summary>Gives the memory back. Nothing of it may be under way any more.</summary>
    public void Release()
    {
        Return(_bytes);
        _outgrown.ForEach(Return);
        _outgrown.Clear();
        _bytes = [];
        Length = 0;
        IsWhole = false;
    }

    private void Grow(int needed)
    {
        var size = (int)Math.Min(_limit, Math.Max(Math.Max(needed, FirstSize), _bytes.Length * 2L));
        var larger = size <= BufferPool.MaxSize ? buffers.Rent(size) : new byte[size];
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            _outgrown.Add(_bytes);
        }

        _bytes = larger;
    }

    private void Return(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= BufferPool.MaxSize)
        {
            buffers.Return(bytes);
        }
    }
}
