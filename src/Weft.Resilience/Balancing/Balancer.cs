namespace Weft.Resilience;

/// <summary>
/// Chooses an endpoint for each call. One per concrete name and loop, used by that loop alone; a pick takes no lock and
/// allocates nothing. Times are nanoseconds on the loop's monotonic clock.
/// <code>
/// var index = balancer.Pick(now);
/// if (index == Balancer.None) ...            // nobody may be called: the caller decides
/// var call = balancer.Start(index);          // right after the pick
/// ...                                        // balancer.ConnectFailed(call.Load, now) or Connected, where that is known
/// balancer.Finish(call, now, latency, CallOutcome.Success);
/// </code>
/// </summary>
public abstract partial class Balancer
{
    /// <summary>The answer of <see cref="Pick"/> when there is no endpoint that it may choose.</summary>
    public const int None = -1;

    private readonly ReadyEndpoints _ready;
    private readonly ReadyEndpoints _others;
    private EndpointLoad[] _endpoints = [];
    private long _refreshAt = long.MinValue;
    private long _pickedAt;

    private protected Balancer(LoopRandom random, BalancerOptions options)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        Random = random;
        Options = options;
        Decay = options.Decay.TotalNanoseconds;
        FailurePenalty = options.FailurePenalty.TotalNanoseconds;
        _ready = new ReadyEndpoints(options);
        _others = new ReadyEndpoints(options);
    }

    /// <summary>All members, in the order of the last <see cref="Update"/>; a picked index points in here.</summary>
    public ReadOnlySpan<EndpointLoad> Endpoints => _endpoints;

    /// <summary>Calls started and not finished, at all endpoints.</summary>
    public int InFlight { get; private set; }

    /// <summary>At the last pick so few endpoints were in service that all were used.</summary>
    public bool IsPanic => _ready.IsPanic;

    /// <summary>Picks that were made in panic.</summary>
    public long PanicPicks { get; private set; }

    private protected LoopRandom Random { get; }

    private protected BalancerOptions Options { get; }

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
            BalancerKind.RingHash => new RingHashBalancer(random, options),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such balancer"),
        };
    }

    /// <summary>
    /// Replaces the members. Those given again keep all that is known of them; one that is gone can still be
    /// <see cref="Finish(in StartedCall, long, long, CallOutcome)"/>ed, and can come back later.
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

        // When all are new there is nobody to spare them calls.
        var othersAreWarm = _endpoints.Length > 0;
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Owner is null && othersAreWarm)
                endpoint.Ramp.Restart();
        }

        foreach (var endpoint in _endpoints)
            endpoint.Owner = null;
        foreach (var endpoint in endpoints)
            endpoint.Owner = this;
        _endpoints = endpoints.ToArray();
        InvalidateWeights();
    }

    /// <summary>An available endpoint's index in <see cref="Endpoints"/>, or <see cref="None"/>. A ring hash takes any, by chance.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="tried">Endpoints that this request was sent to already, left out. Giving some costs a pass over all members.</param>
    /// <param name="evenUnavailable">Fail open: take unavailable endpoints for available. Weight 0 still means no traffic.</param>
    public int Pick(long now, ReadOnlySpan<EndpointLoad> tried = default, bool evenUnavailable = false) =>
        PickByKey(now, 0, hasKey: false, tried, evenUnavailable);

    /// <summary>The same for a request with a key: a ring hash takes the endpoint that the key belongs to, other kinds do not look at it.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="key">A hash of what makes requests belong together (<see cref="StableHash"/>).</param>
    /// <param name="tried">See <see cref="Pick"/>.</param>
    /// <param name="evenUnavailable">See <see cref="Pick"/>.</param>
    public int PickByKey(
        long now,
        ulong key,
        ReadOnlySpan<EndpointLoad> tried = default,
        bool evenUnavailable = false
    ) => PickByKey(now, key, hasKey: true, tried, evenUnavailable);

    /// <summary>A call goes to the member at an index that was picked just now; what it returns is given to <see cref="Finish(in StartedCall, long, long, CallOutcome)"/>.</summary>
    public StartedCall Start(int index)
    {
        var load = _endpoints[index];
        load.InFlight++;
        InFlight++;
        return new StartedCall(load, !load.Circuit.IsClosed && BeginProbe(load, _pickedAt));
    }

    /// <summary>A started call has ended.</summary>
    /// <param name="call">The call; its endpoint need not be a member any more.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="latency">Nanoseconds since the call was started; below 0 counts as 0.</param>
    /// <param name="outcome">What it says of the endpoint.</param>
    public void Finish(in StartedCall call, long now, long latency, CallOutcome outcome)
    {
        var load = call.Load;
        if (load.InFlight == 0)
            throw new InvalidOperationException("a call ended that was not started: each start is finished once");
        load.InFlight--;
        InFlight--;
        load.History.Observe(now, Math.Max(0, latency), outcome, Decay);
        if (call.IsProbe)
            EndProbe(load, now, outcome);
        else if (Options.Breaker is { } breaker && outcome != CallOutcome.Ignored && load.Circuit.IsClosed)
            Judge(load, breaker, now, outcome == CallOutcome.Success);
    }

    /// <summary>The same for a call that was no probe.</summary>
    public void Finish(EndpointLoad load, long now, long latency, CallOutcome outcome) =>
        Finish(new StartedCall(load, IsProbe: false), now, latency, outcome);

    internal void Invalidate() => _refreshAt = long.MinValue;

    internal void InvalidateWeights()
    {
        Invalidate();
        WeightsChanged();
    }

    /// <summary>An index into the ready endpoints, of which there is at least one.</summary>
    private protected abstract int Choose(ReadyEndpoints ready, long now);

    /// <summary>The same over a selection made for this one pick.</summary>
    private protected virtual int ChooseAside(ReadyEndpoints ready, long now) => Choose(ready, now);

    /// <summary>The same for a request with a key.</summary>
    private protected virtual int ChooseByKey(ReadyEndpoints ready, ulong key, bool aside, long now) =>
        aside ? ChooseAside(ready, now) : Choose(ready, now);

    /// <summary>The ready endpoints are others than at the last pick, or have other weights.</summary>
    private protected virtual void ReadyChanged(ReadyEndpoints ready) { }

    /// <summary>The members are others than at the last pick, or have other weights of their own.</summary>
    private protected virtual void WeightsChanged() { }

    private int PickByKey(long now, ulong key, bool hasKey, ReadOnlySpan<EndpointLoad> tried, bool evenUnavailable)
    {
        _pickedAt = now;
        if (now >= _refreshAt)
            Refresh(now);
        if (IsPanic)
            PanicPicks++;
        var aside = !tried.IsEmpty || evenUnavailable;
        var ready = _ready;
        if (aside)
        {
            ready = _others;
            ready.Fill(_endpoints, tried, evenUnavailable, now);
        }

        if (ready.Count == 0)
            return None;
        var chosen =
            hasKey ? ChooseByKey(ready, key, aside, now)
            : aside ? ChooseAside(ready, now)
            : Choose(ready, now);
        return ready.PositionOf(chosen);
    }

    private void Refresh(long now)
    {
        var panicked = IsPanic;
        _ready.Fill(_endpoints, [], evenUnavailable: false, now);
        _refreshAt = _ready.ChangesAt;
        ReadyChanged(_ready);
        if (IsPanic != panicked)
            Watcher?.OnPanic(IsPanic);
    }
}
