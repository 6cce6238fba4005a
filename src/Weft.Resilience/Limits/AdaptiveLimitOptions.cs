namespace Weft.Resilience;

/// <summary>How an adaptive limit feels its way.</summary>
public sealed record AdaptiveLimitOptions
{
    public static readonly AdaptiveLimitOptions Default = new();

    public int Initial { get; init; } = 20;

    public int Min { get; init; } = 2;

    public int Max { get; init; } = 1000;

    /// <summary>The limit is set anew after this long, when there were enough calls.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Fewer calls than these say nothing; the window goes on.</summary>
    public int MinSamples { get; init; } = 20;

    /// <summary>How much slower than without load calls may become before the limit sinks, at least 1.</summary>
    public double Tolerance { get; init; } = 1.5;

    /// <summary>How often the latency without load is measured anew, jittered by a quarter.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of the limit that is in force while it is, above 0, below 1.</summary>
    public double ProbeAt { get; init; } = 0.25;
}
