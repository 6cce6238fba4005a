namespace Weft.EndToEnd.Harness;

/// <summary>
/// Bytes without end whose every position is known, so that gigabytes can be checked at memory speed and a byte that is lost, doubled
/// or moved is found. The period is odd: no power-of-two buffer can hide a block that was skipped.
/// </summary>
internal static class Pattern
{
    private const int Period = 65_521;
    private const int Block = 256 << 10;

    private static readonly byte[] Bytes = Make();

    /// <summary>Writes the first <paramref name="count"/> bytes; each piece that was taken is told to <paramref name="written"/>.</summary>
    public static async Task Write(Stream to, long count, CancellationToken cancellation, Action<int>? written = null)
    {
        for (long position = 0; position < count; )
        {
            var size = (int)Math.Min(Block, count - position);
            await to.WriteAsync(Bytes.AsMemory((int)(position % Period), size), cancellation);
            position += size;
            written?.Invoke(size);
        }
    }

    /// <summary>Reads to the end and returns how many bytes came. A wrong byte throws, naming its position.</summary>
    public static async Task<long> Verify(Stream from, CancellationToken cancellation)
    {
        var buffer = new byte[Block];
        long position = 0;
        while (await from.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            Check(buffer.AsSpan(0, read), position);
            position += read;
        }
        return position;
    }

    /// <summary>Throws unless these are the pattern's bytes at that position.</summary>
    public static void Check(ReadOnlySpan<byte> bytes, long position)
    {
        var expected = Bytes.AsSpan((int)(position % Period), bytes.Length);
        if (!bytes.SequenceEqual(expected))
            throw new InvalidDataException(
                $"byte {position + bytes.CommonPrefixLength(expected)} is not what was sent"
            );
    }

    private static byte[] Make()
    {
        var bytes = new byte[Period + Block];
        new Random(20_260_101).NextBytes(bytes.AsSpan(0, Period));
        for (var i = Period; i < bytes.Length; i++)
            bytes[i] = bytes[i - Period];
        return bytes;
    }
}
