namespace Weft.Resilience;

/// <summary>How a balancer remembers, whom it takes out, and whom it prefers. The defaults prefer nobody and take nobody out by suspicion.</summary>
public sealed record BalancerOptions
{
    public static readonly BalancerOptions Default = new();

    /// <summary>Time after which an observation counts for 1/e of what it did. 10 s, as in Finagle.</summary>
    public TimeSpan Decay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What one failed call costs its caller, in latency terms: peak EWMA adds it once per failure to be expected.</summary>
    public TimeSpan FailurePenalty { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When failed calls take an endpoint out; null is never.</summary>
    public BreakerPolicy? Breaker { get; init; }

    /// <summary>
    /// The share of endpoints, 0 to 1, that may be out when one more is taken out on suspicion; rounded down, so that of a single endpoint
    /// none ever is unless it is 1.
    /// </summary>
    public double MaxEjected { get; init; } = 0.5;

    /// <summary>How long an endpoint is left alone that takes no connections.</summary>
    public Backoff ConnectBackoff { get; init; } =
        new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), BackoffJitter.Equal);

    /// <summary>
    /// Panic: with a smaller share of its endpoints in service than this, 0 to 1, a balancer uses them all. Better a call that may fail
    /// than the load of all on the few that are left. 0 is never; 1 - <see cref="MaxEjected"/> makes the limit hold whatever the causes.
    /// </summary>
    public double PanicBelow { get; init; }

    /// <summary>Over how long an endpoint comes to its full weight that joined others or was out of service; 0 is at once.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>The share of its weight that it begins with, above 0, at most 1.</summary>
    public double SlowStartFrom { get; init; } = 0.1;

    /// <summary>Prefer endpoints of the callers' zone (<see cref="EndpointLoad.IsLocal"/>).</summary>
    public bool PreferLocal { get; init; }

    /// <summary>
    /// The load that a zone can carry, in terms of its own: at 1.4 it keeps all of it while at least 1/1.4, 71 %, of its weight is in
    /// service; below that it keeps 1.4 times the share in service, and the rest goes to the other zones. At least 1.
    /// </summary>
    public double Overprovision { get; init; } = 1.4;

    /// <summary>
    /// The most calls in flight that a ring hash gives to an endpoint, as a multiple of its share of all, above 1; 0 is without bound. (Mirrokni,
    /// Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018.)
    /// </summary>
    public double HashBound { get; init; }

    /// <summary>Which bound is not kept; null when all are.</summary>
    internal string? Problem() =>
        Decay <= TimeSpan.Zero || FailurePenalty < TimeSpan.Zero
            ? "the decay must be above 0 and the failure penalty not below it"
        : MaxEjected is not (>= 0 and <= 1) || PanicBelow is not (>= 0 and <= 1) ? "shares of endpoints must be 0 to 1"
        : SlowStart < TimeSpan.Zero || SlowStartFrom is not (> 0 and <= 1)
            ? "slow start must begin above 0 and take no negative time"
        : Overprovision is not (>= 1 and <= 1000) ? "the overprovision must be 1 to 1000"
        : HashBound is not (0 or (> 1 and <= 1e9)) ? "the bound of a ring hash must be above 1, or 0 for none"
        : Breaker?.ConsecutiveFailures < 1 ? "failures in a row must be at least 1"
        : Breaker?.SuccessRate is not (null or { Below: >= 0 and <= 1, MinRequests: >= 1, Window.Ticks: > 0 })
            ? "a success rate must be 0 to 1, over a window above 0 and at least 1 request"
        : null;
}
