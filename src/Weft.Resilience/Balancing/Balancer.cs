namespace Weft.Resilience;

/// <summary>
/// Chooses an endpoint for each call. One per concrete name and loop, used by that loop alone; a pick takes no lock and
/// allocates nothing. Times are nanoseconds on the loop's monotonic clock.
/// <code>
/// var index = balancer.Pick(now);
/// if (index == Balancer.None) ...            // nobody may be called: the caller decides
/// var load = balancer.Start(index);
/// ...
/// balancer.Finish(load, now, latency, CallOutcome.Success);
/// </code>
/// </summary>
public abstract class Balancer
{
    /// <summary>The answer of <see cref="Pick"/> when there is no endpoint that it may choose.</summary>
    public const int None = -1;

    private readonly ReadyEndpoints _ready = new();
    private readonly ReadyEndpoints _others = new();
    private EndpointLoad[] _endpoints = [];
    private bool _stale = true;

    private protected Balancer(LoopRandom random, BalancerOptions options)
    {
        if (options.Decay <= TimeSpan.Zero || options.FailurePenalty < TimeSpan.Zero)
            throw new ArgumentException(
                "the decay must be above 0 and the failure penalty not below it",
                nameof(options)
            );
        Random = random;
        Decay = options.Decay.TotalNanoseconds;
        FailurePenalty = options.FailurePenalty.TotalNanoseconds;
    }

    /// <summary>All members, in the order of the last <see cref="Update"/>; a picked index points in here.</summary>
    public ReadOnlySpan<EndpointLoad> Endpoints => _endpoints;

    private protected LoopRandom Random { get; }

    private protected double Decay { get; }

    private protected double FailurePenalty { get; }

    /// <summary>A balancer without members.</summary>
    public static Balancer Create(BalancerKind kind, LoopRandom random, BalancerOptions? options = null)
    {
        options ??= BalancerOptions.Default;
        return kind switch
        {
            BalancerKind.Ewma => new PeakEwmaBalancer(random, options),
            BalancerKind.LeastRequest => new LeastRequestBalancer(random, options),
            BalancerKind.RoundRobin => new RoundRobinBalancer(random, options),
            BalancerKind.Random => new RandomBalancer(random, options),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such balancer"),
        };
    }

    /// <summary>
    /// Replaces the members. Those given again keep all that is known of them; one that is gone can still be
    /// <see cref="Finish"/>ed, and can come back later.
    /// </summary>
    /// <exception cref="ArgumentException">A member is given twice or belongs to another balancer; nothing was changed.</exception>
    public void Update(ReadOnlySpan<EndpointLoad> endpoints)
    {
        var members = new HashSet<EndpointLoad>(endpoints.Length, ReferenceEqualityComparer.Instance);
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Owner is { } owner && owner != this)
                throw new ArgumentException("an endpoint belongs to another balancer", nameof(endpoints));
            if (!members.Add(endpoint))
                throw new ArgumentException("an endpoint is given twice", nameof(endpoints));
        }

        foreach (var endpoint in _endpoints)
            endpoint.Owner = null;
        foreach (var endpoint in endpoints)
            endpoint.Owner = this;
        _endpoints = endpoints.ToArray();
        Invalidate();
    }

    /// <summary>An available endpoint's index in <see cref="Endpoints"/>, or <see cref="None"/>.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="tried">Endpoints that this request was sent to already, left out. Giving some costs a pass over all members.</param>
    /// <param name="evenUnavailable">Fail open: take unavailable endpoints for available. Weight 0 still means no traffic.</param>
    public int Pick(long now, ReadOnlySpan<EndpointLoad> tried = default, bool evenUnavailable = false)
    {
        if (!tried.IsEmpty || evenUnavailable)
        {
            _others.Fill(_endpoints, tried, evenUnavailable);
            return _others.Count == 0 ? None : _others.PositionOf(ChooseAside(_others, now));
        }

        if (_stale)
            Refresh();
        return _ready.Count == 0 ? None : _ready.PositionOf(Choose(_ready, now));
    }

    /// <summary>A call goes to the member at an index that was picked; what it returns is given to <see cref="Finish"/>.</summary>
    public EndpointLoad Start(int index)
    {
        var load = _endpoints[index];
        load.InFlight++;
        return load;
    }

    /// <summary>A started call has ended.</summary>
    /// <param name="load">The endpoint; it need not be a member any more.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="latency">Nanoseconds since the call was started; below 0 counts as 0.</param>
    /// <param name="outcome">What it says of the endpoint.</param>
    public void Finish(EndpointLoad load, long now, long latency, CallOutcome outcome)
    {
        if (load.InFlight == 0)
            throw new InvalidOperationException("a call ended that was not started: each start is finished once");
        load.InFlight--;
        load.History.Observe(now, Math.Max(0, latency), outcome, Decay);
    }

    internal void Invalidate() => _stale = true;

    /// <summary>An index into the ready endpoints, of which there is at least one.</summary>
    private protected abstract int Choose(ReadyEndpoints ready, long now);

    /// <summary>The same over a selection made for this one pick.</summary>
    private protected virtual int ChooseAside(ReadyEndpoints ready, long now) => Choose(ready, now);

    /// <summary>The ready endpoints are others than at the last pick, or have other weights.</summary>
    private protected virtual void ReadyChanged(ReadyEndpoints ready) { }

    private void Refresh()
    {
        _ready.Fill(_endpoints, [], evenUnavailable: false);
        _stale = false;
        ReadyChanged(_ready);
    }
}
