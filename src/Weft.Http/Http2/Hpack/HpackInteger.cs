namespace Weft.Http;

/// <summary>The integers of RFC 7541 section 5.1: a prefix of a few bits, then seven bits per byte.</summary>
internal static class HpackInteger
{
    /// <summary>More than any table, index or string may have; what exceeds it is an error.</summary>
    public const int Max = (1 << 28) - 1;

    /// <summary>The most bytes that an integer up to <see cref="Max"/> takes.</summary>
    public const int MaxBytes = 6;

    /// <summary>Reads an integer and moves <paramref name="at"/> behind it. False when it is cut off or larger than <see cref="Max"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, int prefixBits, out int value)
    {
        value = 0;
        if (at >= source.Length)
        {
            return false;
        }

        var mask = (1 << prefixBits) - 1;
        value = source[at++] & mask;
        if (value < mask)
        {
            return true;
        }

        var sum = (long)value;
        for (var shift = 0; shift <= 28; shift += 7)
        {
            if (at >= source.Length)
            {
                return false;
            }

            var next = source[at++];
            sum += (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (int)Math.Min(sum, int.MaxValue);
                return sum <= Max;
            }
        }

        return false;
    }

    /// <summary>Writes an integer behind the bits that <paramref name="first"/> has above the prefix; the number of bytes.</summary>
    public static int Write(Span<byte> destination, byte first, int prefixBits, int value)
    {
        var mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(first | value);
            return 1;
        }

        destination[0] = (byte)(first | mask);
        value -= mask;
        var written = 1;
        for (; value >= 0x80; value >>= 7)
        {
            destination[written++] = (byte)(value | 0x80);
        }

        destination[written++] = (byte)value;
        return written;
    }
}
