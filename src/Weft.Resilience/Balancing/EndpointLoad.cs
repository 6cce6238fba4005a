namespace Weft.Resilience;

/// <summary>
/// What one loop knows of one endpoint: its load, how it did, and whether it is in service. Long-lived: it survives changes of
/// membership. It belongs to one <see cref="Balancer"/>, and only that balancer's loop touches it.
/// </summary>
public sealed class EndpointLoad
{
    internal CallHistory History;
    internal Circuit Circuit;
    internal FailureHistory? Failures;
    internal Ramp Ramp;

    /// <summary>Round robin's virtual time of this endpoint's next turn; NaN before it has one.</summary>
    internal double Turn = double.NaN;

    /// <summary>An endpoint of which nothing is known yet.</summary>
    /// <param name="weight">See <see cref="Weight"/>.</param>
    /// <param name="identity">
    /// A hash of what the endpoint is called everywhere, its address for example (<see cref="StableHash"/>): a ring hash leads a key to the same
    /// endpoint in all proxies when all give the same identities. Those that share one are told apart by their order.
    /// </param>
    public EndpointLoad(double weight = 1, ulong identity = 0)
    {
        Weight = weight;
        Identity = identity;
    }

    public ulong Identity { get; }

    /// <summary>
    /// Share of the load relative to its siblings, finite, 0 or more; beyond 1e-9 and 1e9 it counts as these. 0 means no traffic,
    /// unless every endpoint of the set has 0: then the weights say nothing and all count the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, NaN or infinite.</exception>
    public double Weight
    {
        get;
        set
        {
            if (!(value >= 0) || double.IsInfinity(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "a weight must be finite and 0 or more");
            var bounded = value == 0 ? 0 : Math.Clamp(value, 1e-9, 1e9);
            if (field == bounded)
                return;
            field = bounded;
            Owner?.InvalidateWeights();
        }
    }

    /// <summary>False while its owner keeps traffic from it (draining, known to be down); <see cref="Balancer.Pick"/> skips it.</summary>
    public bool Available
    {
        get;
        set
        {
            if (field == value)
                return;
            field = value;
            Owner?.Invalidate();
        }
    } = true;

    /// <summary>It is in the callers' own zone.</summary>
    public bool IsLocal
    {
        get;
        set
        {
            if (field == value)
                return;
            field = value;
            Owner?.Invalidate();
        }
    }

    /// <summary>Calls started and not finished.</summary>
    public int InFlight { get; internal set; }

    /// <summary>Why it is out of service; null when it is not.</summary>
    public EjectionCause? Cause =>
        IsUnhealthy ? EjectionCause.HealthCheck
        : Circuit.IsClosed ? null
        : Circuit.Cause;

    internal Balancer? Owner { get; set; }

    internal bool IsUnhealthy { get; set; }

    /// <summary>Out of service or on probation, whatever the time.</summary>
    internal bool IsOut => IsUnhealthy || !Circuit.IsClosed;

    /// <summary>What it is to callers at a time on the loop's clock.</summary>
    public EndpointState StateAt(long now) =>
        !Available ? EndpointState.Draining
        : IsUnhealthy || Circuit.IsShut(now) ? EndpointState.Ejected
        : Circuit.IsClosed ? EndpointState.Ready
        : EndpointState.Probing;

    internal bool Takes(long now) => Available && !IsUnhealthy && Circuit.Takes(now);

    /// <summary>When, without anybody's doing, it will be another than now.</summary>
    internal long ChangesAt(long now) =>
        Circuit.Takes(now) ? Ramp.ChangesAt(now) : Math.Min(Circuit.ShutUntil, Ramp.ChangesAt(now));
}
