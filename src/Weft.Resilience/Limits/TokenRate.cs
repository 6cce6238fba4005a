namespace Weft.Resilience;

/// <summary>The arithmetic of a token bucket whose state is the time at which it is full again.</summary>
internal readonly struct TokenRate
{
    // Sixteenths of nanoseconds, so that a million tokens per second are exact to a hundredth of a percent; 18 years of them fit.
    private const int Fraction = 16;
    private readonly long _token;
    private readonly long _capacity;

    public TokenRate(int requests, TimeSpan per, int burst)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(per, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(per, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfNegative(burst);
        _token = (long)Math.Max(1, Math.Round(per.TotalNanoseconds * Fraction / requests));
        // More than a century's worth of tokens is no limit; it must only not overflow.
        _capacity = (long)Math.Min(((double)requests + burst) * _token, long.MaxValue / 4);
    }

    /// <summary>Takes a token from a bucket.</summary>
    /// <param name="fullAt">Its state; <see cref="long.MinValue"/> is full.</param>
    /// <param name="now">Nanoseconds on the loop's clock.</param>
    /// <param name="next">Its state afterwards.</param>
    /// <returns>0, or the nanoseconds to wait when there is no token; then the state stays as it was.</returns>
    public long Take(long fullAt, long now, out long next)
    {
        var time = now * Fraction;
        next = Math.Max(fullAt, time) + _token;
        var excess = next - time - _capacity;
        if (excess <= 0)
            return 0;
        next = fullAt;
        return (excess + Fraction - 1) / Fraction;
    }

    /// <summary>Whether a bucket is as good as new.</summary>
    public static bool IsFull(long fullAt, long now) => fullAt <= now * Fraction;
}
