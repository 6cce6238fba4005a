using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Weft.Naming;
using Path = Weft.Naming.Path;

namespace Weft.Proxy.Tests;

/// <summary>Names below <c>/#/t</c> that are what the test says, and the inet names of the product without any asking.</summary>
internal sealed class ScriptedNames : INamer, IEndpointSource
{
    private static readonly Path s_prefix = Path.Of("#", "t");

    private readonly ConcurrentDictionary<string, NameState> _states = new();
    private readonly ConcurrentDictionary<Path, EndpointSet> _endpoints = new();

    /// <summary>The name has these endpoints.</summary>
    public void Set(string name, params IPEndPoint[] endpoints) => Weigh(name, [.. endpoints.Select(e => (e, 1.0))]);

    /// <summary>The name has these endpoints, each with its weight.</summary>
    public void Weigh(string name, params (IPEndPoint Address, double Weight)[] endpoints)
    {
        _states[name] = NameState.Bound(s_prefix.Concat(Path.Of(name)), Path.Root);
        SetEndpoints(name, new EndpointSet.Known([.. endpoints.Select(e => new Endpoint(e.Address, e.Weight))]));
    }

    /// <summary>The name has these endpoints, each in its zone.</summary>
    public void Place(string name, params (IPEndPoint Address, string Zone)[] endpoints)
    {
        _states[name] = NameState.Bound(s_prefix.Concat(Path.Of(name)), Path.Root);
        var empty = ImmutableSortedDictionary<string, string>.Empty;
        SetEndpoints(
            name,
            new EndpointSet.Known([
                .. endpoints.Select(e => new Endpoint(e.Address)
                {
                    Metadata = empty.Add(EndpointMetadata.Zone, e.Zone),
                }),
            ])
        );
    }

    /// <summary>The name has this endpoint, of which the namer knows more than its address.</summary>
    public void Describe(string name, IPEndPoint endpoint, params (string Key, string Value)[] metadata)
    {
        _states[name] = NameState.Bound(s_prefix.Concat(Path.Of(name)), Path.Root);
        var known = ImmutableSortedDictionary.CreateRange(metadata.Select(m => KeyValuePair.Create(m.Key, m.Value)));
        SetEndpoints(name, new EndpointSet.Known([new Endpoint(endpoint) { Metadata = known }]));
    }

    public void SetState(string name, NameState state) => _states[name] = state;

    public void SetEndpoints(string name, EndpointSet endpoints) => _endpoints[PathOf(name)] = endpoints;

    public static Path PathOf(string name) => s_prefix.Concat(Path.Of(name));

    public NameState Lookup(Path path) =>
        path.StartsWith(s_prefix) && path.Length > 2 && _states.TryGetValue(path[2], out var state)
            ? state
            : NameState.Neg;

    public EndpointSet Endpoints(Path concreteName)
    {
        if (_endpoints.TryGetValue(concreteName, out var known))
        {
            return known;
        }

        return
            InetEndpoints.TryParse(concreteName, out var host, out var port)
            && IPAddress.TryParse(host, out var address)
            ? new EndpointSet.Known(ImmutableArray.Create(new Endpoint(new IPEndPoint(address, port))))
            : EndpointSet.Neg.Instance;
    }
}
