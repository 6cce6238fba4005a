namespace Weft.Http;

/// <summary>
/// The Huffman code of RFC 7541 appendix B. It is canonical, so the lengths say it all: codes of one length are consecutive, in the order of
/// their symbols.
/// </summary>
internal static class HuffmanCode
{
    public const int LongestCode = 30;

    /// <summary>Codes up to this length are found in one step.</summary>
    public const int DirectBits = 10;

    private static readonly uint[] s_codes = new uint[256];
    private static readonly ushort[] s_direct = new ushort[1 << DirectBits];

    // For the longer codes, by length: the first code, how many there are, and where their symbols begin in s_symbols.
    private static readonly uint[] s_firstCode = new uint[LongestCode + 1];
    private static readonly int[] s_count = new int[LongestCode + 1];
    private static readonly int[] s_firstSymbol = new int[LongestCode + 1];
    private static readonly byte[] s_symbols = new byte[256];

    static HuffmanCode()
    {
        var code = 0U;
        var next = 0;
        for (var length = 1; length <= LongestCode; length++, code <<= 1)
        {
            s_firstCode[length] = code;
            s_firstSymbol[length] = next;
            for (var symbol = 0; symbol < 256; symbol++)
            {
                if (Lengths[symbol] != length)
                {
                    continue;
                }

                s_symbols[next++] = (byte)symbol;
                s_codes[symbol] = code;
                if (length <= DirectBits)
                {
                    var first = (int)(code << (DirectBits - length));
                    s_direct.AsSpan(first, 1 << (DirectBits - length)).Fill((ushort)(symbol << 4 | length));
                }

                code++;
                s_count[length]++;
            }
        }
    }

    // csharpier-ignore
    private static ReadOnlySpan<byte> Lengths =>
        [
            13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
            6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
            13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
            15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
            20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
            22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
            26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
            20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        ];

    /// <summary>How many bytes <paramref name="text"/> takes when it is encoded.</summary>
    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        var lengths = Lengths;
        var bits = 0L;
        foreach (var symbol in text)
        {
            bits += lengths[symbol];
        }

        return (int)((bits + 7) / 8);
    }

    /// <summary>Encodes into at least <see cref="EncodedLength"/> bytes.</summary>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var lengths = Lengths;
        var codes = s_codes;
        var held = 0UL;
        var bits = 0;
        var written = 0;
        foreach (var symbol in text)
        {
            held = held << lengths[symbol] | codes[symbol];
            bits += lengths[symbol];
            while (bits >= 8)
            {
                bits -= 8;
                destination[written++] = (byte)(held >> bits);
            }
        }

        if (bits > 0)
        {
            // Padded with the beginning of the code of the end, which is all ones.
            destination[written++] = (byte)(held << (8 - bits) | (0xFFU >> bits));
        }

        return written;
    }

    /// <summary>
    /// Decodes. -1 when the bytes are no valid code: they hold the end symbol, or padding that is longer than seven bits or not all ones;
    /// -2 when <paramref name="destination"/> is too small.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var direct = s_direct;
        var held = 0UL;
        var bits = 0;
        var at = 0;
        var written = 0;
        while (true)
        {
            while (bits <= 56 && at < source.Length)
            {
                held = held << 8 | source[at++];
                bits += 8;
            }

            if (bits == 0)
            {
                return written;
            }

            // The next 32 bits, filled up with ones: what is missing at the end then looks like padding.
            var window =
                bits >= 32 ? (uint)(held >> (bits - 32)) : (uint)(held << (32 - bits)) | (uint)(uint.MaxValue >> bits);
            var entry = direct[window >> (32 - DirectBits)];
            var length = entry & 0xF;
            var symbol = (byte)(entry >> 4);
            if (length == 0 && !TryLong(window, out length, out symbol))
            {
                // All ones: padding of less than a byte, or the end symbol.
                return bits < 8 && window == uint.MaxValue ? written : -1;
            }

            if (length > bits)
            {
                return bits < 8 && window == uint.MaxValue ? written : -1;
            }

            if (written == destination.Length)
            {
                return -2;
            }

            destination[written++] = symbol;
            bits -= length;
        }
    }

    private static bool TryLong(uint window, out int length, out byte symbol)
    {
        for (length = DirectBits + 1; length <= LongestCode; length++)
        {
            var offset = (window >> (32 - length)) - s_firstCode[length];
            if (offset < (uint)s_count[length])
            {
                symbol = s_symbols[s_firstSymbol[length] + (int)offset];
                return true;
            }
        }

        symbol = 0;
        return false;
    }
}
