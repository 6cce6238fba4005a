namespace Weft.Resilience;

/// <summary>When an endpoint is suspected and taken out. Immutable; one per service, shared by all loops.</summary>
public sealed record BreakerPolicy
{
    /// <summary>Failures in a row, at least 1; null is no cause.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>A share of successes; null is no cause.</summary>
    public SuccessRate? SuccessRate { get; init; }

    /// <summary>How long it stays out, growing with each ejection in a row.</summary>
    public Backoff Backoff { get; init; } =
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(300), BackoffJitter.Equal);
}

/// <summary>A share of successes below which an endpoint is taken out.</summary>
/// <param name="Below">0 to 1.</param>
/// <param name="Window">How far back calls count, to a tenth of it.</param>
/// <param name="MinRequests">With fewer calls in the window nothing is concluded; at least 1.</param>
public sealed record SuccessRate(double Below, TimeSpan Window, int MinRequests);
