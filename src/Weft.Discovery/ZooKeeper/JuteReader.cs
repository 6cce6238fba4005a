using System.Buffers.Binary;
using System.Text;

namespace Weft.Discovery;

/// <summary>Reads one reply of ZooKeeper's protocol, within bounds.</summary>
internal ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    private ReadOnlySpan<byte> _rest = frame;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>A buffer; the length -1 stands for none.</summary>
    public ReadOnlySpan<byte> Buffer()
    {
        var length = Int();
        return length == -1 ? [] : Take(length);
    }

    public string Text() => Encoding.UTF8.GetString(Buffer());

    /// <summary>A list of texts.</summary>
    public string[] Texts()
    {
        var count = Int();
        if (count < -1 || count > _rest.Length / 4)
        {
            throw new BackendException("a reply of ZooKeeper makes no sense");
        }
        var texts = new string[Math.Max(count, 0)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }
        return texts;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new BackendException("a reply of ZooKeeper makes no sense");
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
