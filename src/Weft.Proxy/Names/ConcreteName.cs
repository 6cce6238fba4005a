using System.Collections.Immutable;
using System.Net;
using Weft.Http;
using Weft.Naming;
using Weft.Resilience;
using Weft.Resources;
using Balancing = Weft.Resilience.BalancerKind;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>A bound name as one loop calls it: its endpoints, who of them is next, and their connections.</summary>
internal sealed class ConcreteName
{
    private readonly LoopState _loop;
    private readonly Balancer _balancer;
    private Dictionary<IPEndPoint, UpstreamEndpoint> _byAddress = [];
    private UpstreamEndpoint[] _endpoints = [];
    private EndpointSet? _known;
    private World? _world;
    private int _inFlight;

    public ConcreteName(LoopState loop, Path id, ServiceSpec spec)
    {
        _loop = loop;
        Id = id;
        Label = id.ToString();
        Spec = spec;
        Fields = new FieldBlock(("weft-dst-client", Label));
        _balancer = Balancer.Create(KindOf(spec.Balancer.Kind), loop.Random);
        Keep(LastUsedMilliseconds = loop.Loop.NowMilliseconds);
    }

    public Path Id { get; }

    /// <summary>The id as text.</summary>
    public string Label { get; }

    public ServiceSpec Spec { get; }

    /// <summary>Tells the next hop which concrete name was chosen.</summary>
    public FieldBlock Fields { get; }

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

    /// <summary>Looks the endpoints up when the world has changed.</summary>
    public void Refresh(World world)
    {
        LastUsedMilliseconds = KeptMilliseconds = _loop.Loop.NowMilliseconds;
        if (ReferenceEquals(world, _world))
        {
            return;
        }

        _world = world;
        var found = world.Endpoints.Endpoints(Id);
        var keepsLast = found is EndpointSet.Pending or EndpointSet.Failed && _known is EndpointSet.Known;
        if (keepsLast || ReferenceEquals(found, _known))
        {
            return;
        }

        _known = found;
        Replace(found is EndpointSet.Known known ? known.Endpoints : []);
    }

    /// <summary>It is in use, even if no request has come lately.</summary>
    public void Keep(long nowMilliseconds) => KeptMilliseconds = nowMilliseconds;

    /// <summary>
    /// Starts a request at an endpoint; null when there is none. One that was tried is left out while there are others, and one that is down while
    /// there are others that are not.
    /// </summary>
    public UpstreamEndpoint? Start(long nowNanoseconds, ReadOnlySpan<EndpointLoad> tried)
    {
        var index = _balancer.Pick(nowNanoseconds, tried);
        if (index == Balancer.None)
        {
            index = _balancer.Pick(nowNanoseconds, tried, evenUnavailable: true);
        }

        if (index == Balancer.None)
        {
            return null;
        }

        _balancer.Start(index);
        _inFlight++;
        return _endpoints[index];
    }

    /// <summary>A request that was started has ended, on an endpoint that need not be among the present ones any more.</summary>
    public void Finish(UpstreamEndpoint endpoint, long nowNanoseconds, long latencyNanoseconds, CallOutcome outcome)
    {
        _inFlight--;
        _balancer.Finish(endpoint.Load, nowNanoseconds, latencyNanoseconds, outcome);
    }

    public void Sweep(long nowMilliseconds)
    {
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
                upstream = new UpstreamEndpoint(_loop, endpoint, Spec);
            }

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
    }

    private static Balancing KindOf(Resources.BalancerKind kind) =>
        kind switch
        {
            Resources.BalancerKind.LeastRequest => Balancing.LeastRequest,
            Resources.BalancerKind.RoundRobin => Balancing.RoundRobin,
            Resources.BalancerKind.Random => Balancing.Random,
            _ => Balancing.Ewma,
        };
}
