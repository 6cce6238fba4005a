using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Weft.Control.Records;

namespace Weft.Control;

/// <summary>
/// A frame as bytes: a mark, its length, the checksum of both length and content (CRC-32C), and the content. A frame is
/// written only after the one before it was flushed, so a whole frame after a broken one proves that the broken one was
/// acknowledged.
/// </summary>
internal static class LogFrame
{
    public const int HeadLength = 12;

    /// <summary>Bytes of one frame's content: more than the largest commit.</summary>
    public const int MaxContent = 256 * 1024 * 1024;

    /// <summary>Text that no document is likely to hold.</summary>
    private const uint Mark = 0xF7_57_45_AB;

    public static byte[] Encode(Frame frame)
    {
        var length = frame.CalculateSize();
        if (length > MaxContent)
        {
            throw new StoreException(
                $"a commit of {length} bytes is more than the {MaxContent} that are written at once"
            );
        }

        var bytes = new byte[HeadLength + length];
        frame.WriteTo(bytes.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Checksum(bytes));
        return bytes;
    }

    /// <summary>The frame that a text begins with, and its length with its head; null when there is no whole one.</summary>
    public static (Frame Frame, int Length)? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length is < 0 or > MaxContent || length > bytes.Length - HeadLength)
        {
            return null;
        }

        var whole = bytes[..(HeadLength + length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Checksum(whole))
        {
            return null;
        }

        return (Frame.Parser.ParseFrom(whole[HeadLength..]), whole.Length);
    }

    /// <summary>Where the next whole frame begins, or -1.</summary>
    public static int FindNext(ReadOnlySpan<byte> bytes)
    {
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(mark, Mark);
        for (var from = 0; ; from++)
        {
            var at = bytes[from..].IndexOf(mark);
            if (at < 0)
            {
                return -1;
            }

            from += at;
            if (TryDecode(bytes[from..]) is not null)
            {
                return from;
            }
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> whole)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(whole[4..]));
        var content = whole[HeadLength..];
        var words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(
                crc,
                BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)
            );
        }

        foreach (var one in content[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
