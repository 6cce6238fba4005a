using System.Buffers.Binary;

namespace Weft.Http;

/// <summary><c>HTTP/1.1</c> on the wire (RFC 9112 section 2.3).</summary>
internal static class VersionText
{
    /// <summary>The version in bytes.</summary>
    public const int Length = 8;

    /// <summary>The version and CR LF, as they end a request line.</summary>
    public const int LineLength = Length + 2;

    private static readonly ulong Http11 = BinaryPrimitives.ReadUInt64LittleEndian("HTTP/1.1"u8);
    private static readonly ulong Http10 = BinaryPrimitives.ReadUInt64LittleEndian("HTTP/1.0"u8);

    /// <summary>
    /// Checks the beginning of a request line's end, however much of it there is. <paramref name="version"/> has a meaning
    /// once all of it was there.
    /// </summary>
    public static RejectReason Check(ReadOnlySpan<byte> text, out ProtocolVersion version)
    {
        version = ProtocolVersion.Http11;
        if (text.Length >= Length && !TryRead(text, out version))
        {
            return HasForm(text[..Length]) ? RejectReason.UnsupportedVersion : RejectReason.InvalidVersion;
        }

        if (text.Length < Length)
        {
            return HasForm(text) ? RejectReason.None : RejectReason.InvalidVersion;
        }

        if (text.Length > Length && text[Length] != (byte)'\r')
        {
            return text[Length] == (byte)'\n' ? RejectReason.BareLineFeed : RejectReason.InvalidVersion;
        }

        return text.Length > Length + 1 && text[Length + 1] != (byte)'\n'
            ? RejectReason.BareCarriageReturn
            : RejectReason.None;
    }

    /// <summary>True for the two versions that are spoken here. Needs <see cref="Length"/> bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ProtocolVersion version)
    {
        var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
        version = word == Http10 ? ProtocolVersion.Http10 : ProtocolVersion.Http11;
        return word == Http11 || word == Http10;
    }

    /// <summary>Whether this is the beginning of <c>HTTP/DIGIT.DIGIT</c>.</summary>
    public static bool HasForm(ReadOnlySpan<byte> text)
    {
        var pattern = "HTTP/0.0"u8;
        for (var i = 0; i < text.Length; i++)
        {
            var matches = pattern[i] == (byte)'0' ? char.IsAsciiDigit((char)text[i]) : text[i] == pattern[i];
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }
}
