using System.Buffers.Binary;

namespace Weft.Http;

/// <summary>The nine bytes before each frame's payload (RFC 9113 section 4.1).</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>The largest payload that everyone accepts; the largest that is sent or announced here.</summary>
    public const int DefaultMaxLength = 16 * 1024;

    public bool IsEndStream => (Flags & FrameFlags.EndStream) != FrameFlags.None;

    public bool IsEndHeaders => (Flags & FrameFlags.EndHeaders) != FrameFlags.None;

    public bool IsAck => (Flags & FrameFlags.Ack) != FrameFlags.None;

    /// <summary>Reads a header out of at least <see cref="Size"/> bytes. The reserved bit of the stream identifier does not count.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(source);
        return new FrameHeader(
            (int)(first >> 8),
            (FrameType)(byte)first,
            (FrameFlags)source[4],
            (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & int.MaxValue)
        );
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Length << 8) | (byte)Type);
        destination[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], StreamId);
    }
}
