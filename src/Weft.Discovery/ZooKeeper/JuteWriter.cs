using System.Buffers.Binary;
using System.Text;

namespace Weft.Discovery;

/// <summary>Writes one request of ZooKeeper's protocol, whose records are called Jute; the length comes first.</summary>
internal sealed class JuteWriter
{
    private readonly MemoryStream _bytes = new();

    public JuteWriter() => Int(0);

    public JuteWriter Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public JuteWriter Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public JuteWriter Bool(bool value)
    {
        _bytes.WriteByte(value ? (byte)1 : (byte)0);
        return this;
    }

    public JuteWriter Buffer(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        _bytes.Write(value);
        return this;
    }

    public JuteWriter Text(string value) => Buffer(Encoding.UTF8.GetBytes(value));

    /// <summary>The whole frame.</summary>
    public byte[] ToArray()
    {
        var frame = _bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }
}
