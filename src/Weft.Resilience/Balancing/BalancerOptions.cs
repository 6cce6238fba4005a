namespace Weft.Resilience;

/// <summary>How a balancer remembers.</summary>
public sealed record BalancerOptions
{
    public static readonly BalancerOptions Default = new();

    /// <summary>Time after which an observation counts for 1/e of what it did. 10 s, as in Finagle.</summary>
    public TimeSpan Decay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What one failed call costs its caller, in latency terms: peak EWMA adds it once per failure to be expected.</summary>
    public TimeSpan FailurePenalty { get; init; } = TimeSpan.FromSeconds(1);
}
