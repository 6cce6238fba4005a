using System.Buffers.Text;

namespace Weft.Proxy;

/// <summary>The <c>grpc-timeout</c> field: at most eight digits and a unit (gRPC over HTTP/2, "Requests").</summary>
internal static class GrpcTimeout
{
    private const int MostDigits = 8;
    private const long MostMilliseconds = 99_999_999;

    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    public const int MaxBytes = MostDigits + 1;

    /// <summary>Reads it as milliseconds, a part of one counted as a whole; false when it is no timeout.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out long milliseconds)
    {
        milliseconds = 0;
        if (
            value.Length is < 2 or > MaxBytes
            || value[0] is < (byte)'0' or > (byte)'9'
            || !Utf8Parser.TryParse(value[..^1], out long number, out var used)
            || used != value.Length - 1
        )
        {
            return false;
        }

        milliseconds = value[^1] switch
        {
            (byte)'H' => number * 3_600_000,
            (byte)'M' => number * 60_000,
            (byte)'S' => number * 1000,
            (byte)'m' => number,
            (byte)'u' => (number + 999) / 1000,
            (byte)'n' => (number + 999_999) / 1_000_000,
            _ => -1,
        };
        return milliseconds >= 0;
    }

    /// <summary>Writes it in milliseconds, or in seconds where these are too many; the number of bytes.</summary>
    public static int Write(long milliseconds, Span<byte> destination)
    {
        var (number, unit) =
            milliseconds <= MostMilliseconds
                ? (Math.Max(milliseconds, 0), (byte)'m')
                : (Math.Min(milliseconds / 1000, MostMilliseconds), (byte)'S');
        _ = Utf8Formatter.TryFormat(number, destination, out var length);
        destination[length] = unit;
        return length + 1;
    }
}
