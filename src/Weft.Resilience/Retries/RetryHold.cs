using System.Buffers.Text;

namespace Weft.Resilience;

/// <summary>
/// An endpoint's word on when to come again: <c>Retry-After</c> (RFC 9110, 10.2.3) or <c>grpc-retry-pushback-ms</c> (gRPC proposal
/// A6). The default value says nothing.
/// </summary>
public readonly record struct RetryHold
{
    /// <summary>Do not come again.</summary>
    public static readonly RetryHold Stop = new(-1);

    private readonly long _held;

    private RetryHold(long held) => _held = held;

    public bool IsStop => _held < 0;

    /// <summary>Nanoseconds to stay away for; 0 when nothing was asked.</summary>
    public long Wait => Math.Max(0, _held);

    /// <summary>Not before so many nanoseconds; below 0 counts as 0.</summary>
    public static RetryHold For(long nanoseconds) => new(Math.Max(0, nanoseconds));

    /// <summary>
    /// Reads <c>Retry-After</c>: whole seconds or an HTTP date. What is neither says nothing: the field is advice, and a server that
    /// garbles it has not forbidden anything.
    /// </summary>
    /// <param name="value">The field's value.</param>
    /// <param name="utcNow">The wall clock; a date is compared with it.</param>
    public static RetryHold FromRetryAfter(ReadOnlySpan<byte> value, DateTimeOffset utcNow)
    {
        value = value.Trim((byte)' ');
        if (value.IsEmpty)
            return default;
        if (IsDigits(value))
        {
            var known = Utf8Parser.TryParse(value, out long seconds, out _) && seconds <= MostSeconds;
            return new((known ? seconds : MostSeconds) * Nanoseconds.PerSecond);
        }

        return Utf8Parser.TryParse(value, out DateTimeOffset date, out var read, 'R') && read == value.Length
            ? For(Nanoseconds.Of(date - utcNow))
            : default;
    }

    /// <summary>Reads <c>grpc-retry-pushback-ms</c>: milliseconds, and anything that is no number of 0 or more means not to come again.</summary>
    public static RetryHold FromPushback(ReadOnlySpan<byte> value)
    {
        value = value.Trim((byte)' ');
        return IsDigits(value) && Utf8Parser.TryParse(value, out int milliseconds, out _)
            ? new(milliseconds * Nanoseconds.PerMillisecond)
            : Stop;
    }

    // A century: longer waits are all the same.
    private const long MostSeconds = 3_155_760_000;

    private static bool IsDigits(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
