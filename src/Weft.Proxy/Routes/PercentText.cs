namespace Weft.Proxy;

/// <summary>Percent-encoding (RFC 3986 section 2.1), and the form of it that queries use.</summary>
internal static class PercentText
{
    /// <summary>The octet of an encoding that the text begins with.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte octet)
    {
        octet = 0;
        if (text.Length < 3 || !char.IsAsciiHexDigit((char)text[1]) || !char.IsAsciiHexDigit((char)text[2]))
        {
            return false;
        }

        octet = (byte)((Digit(text[1]) << 4) | Digit(text[2]));
        return text[0] == (byte)'%';
    }

    /// <summary>Whether a name or value of a query, once decoded, is <paramref name="expected"/>. What is no encoding stands for itself.</summary>
    public static bool QueryEquals(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> expected)
    {
        var at = 0;
        while (!encoded.IsEmpty)
        {
            if (at == expected.Length || Next(ref encoded) != expected[at++])
            {
                return false;
            }
        }

        return at == expected.Length;
    }

    /// <summary>Decodes a name or value of a query; the number of bytes, which are never more.</summary>
    public static int DecodeQuery(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var written = 0;
        while (!encoded.IsEmpty)
        {
            destination[written++] = Next(ref encoded);
        }

        return written;
    }

    private static byte Next(ref ReadOnlySpan<byte> encoded)
    {
        var first = encoded[0];
        if (first == (byte)'%' && TryDecode(encoded, out var octet))
        {
            encoded = encoded[3..];
            return octet;
        }

        encoded = encoded[1..];
        return first == (byte)'+' ? (byte)' ' : first;
    }

    private static int Digit(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit & 0x0F) + 9;
}
