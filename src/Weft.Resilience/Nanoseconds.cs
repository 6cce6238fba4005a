namespace Weft.Resilience;

/// <summary>Durations as the loops' clocks count them.</summary>
public static class Nanoseconds
{
    public const long PerMicrosecond = 1_000;
    public const long PerMillisecond = 1_000_000;
    public const long PerSecond = 1_000_000_000;

    /// <summary>Whole nanoseconds; what is too long for them (292 years) counts as the longest that is not.</summary>
    public static long Of(TimeSpan duration) =>
        duration.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue
        : duration.Ticks < long.MinValue / TimeSpan.NanosecondsPerTick ? long.MinValue
        : duration.Ticks * TimeSpan.NanosecondsPerTick;
}
