namespace Weft.Resilience;

/// <summary>
/// A token bucket: it holds <c>requests</c> + <c>burst</c> tokens at most and gets <c>requests</c> in each period, evenly. Kept as one number,
/// the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371), so that all loops of a proxy
/// share one exact limit by compare-and-swap, and the time until the next token is known to the nanosecond.
/// </summary>
public sealed class RateLimit
{
    private readonly TokenRate _rate;
    private long _fullAt = long.MinValue;

    /// <summary>A full bucket.</summary>
    /// <param name="requests">Tokens per period, at least 1.</param>
    /// <param name="per">The period, above 0.</param>
    /// <param name="burst">Tokens beyond that, at least 0.</param>
    public RateLimit(int requests, TimeSpan per, int burst = 0) => _rate = new TokenRate(requests, per, burst);

    /// <summary>Takes a token; 0 when there was one, otherwise the nanoseconds until there will be. Any thread.</summary>
    public long Take(long now)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _fullAt);
            var wait = _rate.Take(seen, now, out var next);
            if (wait > 0 || Interlocked.CompareExchange(ref _fullAt, next, seen) == seen)
                return wait;
        }
    }

    /// <summary>Whole seconds to tell a client that must wait (<c>Retry-After</c>): rounded up, so that it is right to come back then.</summary>
    public static long RetryAfterSeconds(long wait) => (wait + Nanoseconds.PerSecond - 1) / Nanoseconds.PerSecond;
}
