using System.Collections.Immutable;
using System.Net;
using Weft.Http;
using Weft.Naming;
using Weft.Resilience;
using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>A bound name as one loop calls it: its endpoints, who of them is next, and their connections.</summary>
internal sealed class ConcreteName : IEjectionWatcher
{
    // Names that are in use are kept once in a sweep.
    private const long UnkeptMilliseconds = 3 * LoopState.SweepMilliseconds;

    private readonly LoopState _loop;
    private readonly Balancer _balancer;
    private Dictionary<IPEndPoint, UpstreamEndpoint> _byAddress = [];
    private UpstreamEndpoint[] _endpoints = [];
    private EndpointSet? _known;
    private World? _world;
    private string? _zone;
    private bool _isUnwatched;
    private int _inFlight;

    // What the usual attempts add to a request, by the number of attempts before; made when first needed.
    private readonly FieldBlock?[] _attemptFields = new FieldBlock?[4];

    /// <summary>Makes a name whose endpoints are not known yet.</summary>
    /// <param name="loop">The loop that it belongs to.</param>
    /// <param name="id">What a dtab leads to.</param>
    /// <param name="spec">How its endpoints are called.</param>
    /// <param name="service">The service that led here first, for the metrics of endpoints.</param>
    public ConcreteName(LoopState loop, Path id, ServiceSpec spec, string service)
    {
        _loop = loop;
        Service = service;
        Id = id;
        Label = id.ToString();
        Spec = spec;
        _balancer = Balancer.Create(
            BalancerPolicies.KindOf(spec.Balancer.Kind),
            loop.Random,
            BalancerPolicies.Of(spec)
        );
        _balancer.Watcher = this;
        Keep(LastUsedMilliseconds = loop.Loop.NowMilliseconds);
    }

    public Path Id { get; }

    /// <summary>The id as text.</summary>
    public string Label { get; }

    /// <summary>The service that led here first.</summary>
    public string Service { get; }

    public ServiceSpec Spec { get; }

    /// <summary>When a request last asked for it, in the loop's milliseconds.</summary>
    public long LastUsedMilliseconds { get; private set; }

    /// <summary>The same, or when a name was last seen to lead here.</summary>
    public long KeptMilliseconds { get; private set; }

    public ReadOnlySpan<UpstreamEndpoint> Endpoints => _endpoints;

    /// <summary>What is known of the endpoints right now; the last good answer outlives a source that fails.</summary>
    public EndpointSet Known => _known ?? EndpointSet.Pending.Instance;

    /// <summary>Requests are under way, be it on endpoints that are no longer among its own.</summary>
    public bool IsBusy => _inFlight > 0;

    /// <summary>It has given everything back; who needs the name gets another one (<see cref="ConcreteNames.Get"/>).</summary>
    public bool IsRetired { get; private set; }

    /// <summary>A name leads here, or did so a moment ago.</summary>
    public bool IsKept(long nowMilliseconds) => nowMilliseconds - KeptMilliseconds < UnkeptMilliseconds;

    /// <summary>Looks the endpoints up when the world has changed.</summary>
    public void Refresh(World world)
    {
        LastUsedMilliseconds = KeptMilliseconds = _loop.Loop.NowMilliseconds;
        LookUp(world);
    }

    /// <summary>It is in use, even if no request has come lately.</summary>
    public void Keep(long nowMilliseconds) => KeptMilliseconds = nowMilliseconds;

    /// <summary>
    /// Starts a call at an endpoint that is in service and was not tried; false when there is none. What comes out is given to <see cref="Finish"/>.
    /// </summary>
    /// <param name="now">The loop's clock in nanoseconds.</param>
    /// <param name="key">For a ring hash: what makes requests belong together; null when the request has nothing of the kind.</param>
    /// <param name="tried">Endpoints that the request was sent to already.</param>
    /// <param name="call">The call.</param>
    public bool TryStart(long now, ulong? key, ReadOnlySpan<EndpointLoad> tried, out Call call)
    {
        var index = key is { } hash ? _balancer.PickByKey(now, hash, tried) : _balancer.Pick(now, tried);
        if (index == Balancer.None)
        {
            call = default;
            return false;
        }

        var started = _balancer.Start(index);
        _inFlight++;
        call = new Call(this, _endpoints[index], started);
        return true;
    }

    /// <summary>Tells the next hop which concrete name was chosen, and which attempt it is.</summary>
    /// <param name="attempt">0 is the first.</param>
    public FieldBlock FieldsOf(int attempt) =>
        (uint)attempt < (uint)_attemptFields.Length
            ? _attemptFields[attempt] ??= MakeFields(attempt)
            : MakeFields(attempt);

    private FieldBlock MakeFields(int attempt) =>
        new(
            ("weft-dst-client", Label),
            ("weft-attempt", (attempt + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    /// <summary>There is an endpoint that may be called and was not tried.</summary>
    public bool HasOthers(long now, ReadOnlySpan<EndpointLoad> tried)
    {
        foreach (var endpoint in _endpoints)
        {
            var isIn = endpoint.Load.StateAt(now) is EndpointState.Ready or EndpointState.Probing;
            if (isIn && !Contains(tried, endpoint.Load))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A call that was started has ended, at an endpoint that need not be among the present ones any more.</summary>
    public void Finish(in Call call, long nowNanoseconds, long latencyNanoseconds, CallOutcome outcome)
    {
        _inFlight--;
        _balancer.Finish(call.Started, nowNanoseconds, latencyNanoseconds, outcome);
    }

    /// <summary>An endpoint takes no connections.</summary>
    public void ConnectFailed(EndpointLoad load) => _balancer.ConnectFailed(load, _loop.Loop.NowNanoseconds);

    /// <summary>An endpoint has taken a connection.</summary>
    public void Connected(EndpointLoad load) => _balancer.Connected(load);

    /// <summary>An endpoint's health check has made up its mind.</summary>
    public void HealthChecked(EndpointLoad load, bool healthy) => _balancer.HealthChecked(load, healthy);

    void IEjectionWatcher.OnEjected(EndpointLoad load, EjectionCause cause, long wait)
    {
        _loop.CountEjection(Service, Label, cause);
        foreach (var endpoint in _endpoints)
        {
            if (endpoint.Load == load)
            {
                // Later: the balancer is in the midst of its work.
                _loop.Loop.Defer(static e => ((UpstreamEndpoint)e!).CloseIdle(), endpoint);
            }
        }
    }

    void IEjectionWatcher.OnEjectionRefused(EndpointLoad load, EjectionCause cause) { }

    void IEjectionWatcher.OnRestored(EndpointLoad load) { }

    void IEjectionWatcher.OnPanic(bool begins) => _loop.OnPanic(Service, Label, begins);

    /// <summary>
    /// Closes idle connections. While a name leads here its endpoints are looked up even if nobody calls them, so that who was withdrawn is not
    /// checked for ever; once none does, the checks end.
    /// </summary>
    public void Sweep(long nowMilliseconds)
    {
        if (IsKept(nowMilliseconds))
        {
            LookUp(_loop.World);
        }
        else if (Spec.HealthCheck is not null && !_isUnwatched)
        {
            // The next request looks again, and so begins the checks again.
            (_isUnwatched, _world) = (true, null);
            foreach (var endpoint in _endpoints)
            {
                endpoint.EndChecks();
            }
        }

        foreach (var endpoint in _endpoints)
        {
            endpoint.Sweep(nowMilliseconds);
        }
    }

    /// <summary>The name is not used any more.</summary>
    public void Retire()
    {
        IsRetired = true;
        Replace([]);
    }

    private void LookUp(World world)
    {
        if (ReferenceEquals(world, _world))
        {
            return;
        }

        _world = world;
        var found = world.Endpoints.Endpoints(Id);
        if (found is EndpointSet.Pending or EndpointSet.Failed && _known is EndpointSet.Known)
        {
            found = _known; // Silence is no answer: what was last known stays.
        }

        if (ReferenceEquals(found, _known) && world.Config.Zone == _zone && !_isUnwatched)
        {
            return;
        }

        (_known, _zone, _isUnwatched) = (found, world.Config.Zone, false);
        Replace(found is EndpointSet.Known known ? known.Endpoints : []);
    }

    private static bool Contains(ReadOnlySpan<EndpointLoad> loads, EndpointLoad load)
    {
        foreach (var one in loads)
        {
            if (one == load)
            {
                return true;
            }
        }

        return false;
    }

    private void Replace(ImmutableArray<Endpoint> endpoints)
    {
        var next = new Dictionary<IPEndPoint, UpstreamEndpoint>(endpoints.Length);
        var ordered = new List<UpstreamEndpoint>(endpoints.Length);
        foreach (var endpoint in endpoints)
        {
            if (next.ContainsKey(endpoint.Address))
            {
                continue; // The same address twice says nothing new.
            }

            if (_byAddress.Remove(endpoint.Address, out var upstream))
            {
                upstream.Load.Weight = endpoint.Weight;
                upstream.Protocol = EndpointProtocols.Of(endpoint, Spec);
            }
            else
            {
                upstream = new UpstreamEndpoint(this, _loop, endpoint);
            }

            upstream.Load.IsLocal =
                _zone is not null && endpoint.Metadata.GetValueOrDefault(EndpointMetadata.Zone) == _zone;
            next.Add(endpoint.Address, upstream);
            ordered.Add(upstream);
        }

        foreach (var gone in _byAddress.Values)
        {
            gone.Retire();
        }

        _byAddress = next;
        _endpoints = [.. ordered];
        _balancer.Update(_endpoints.Select(e => e.Load).ToArray());
        foreach (var endpoint in _endpoints)
        {
            endpoint.BeginChecks();
        }
    }
}
