using System.Collections.Immutable;
using System.Net;
using Weft.Naming;

namespace Weft.Control.Tests.Preview;

/// <summary>Namers that know what a test says; names have three labels.</summary>
internal sealed class ScriptedNames : INamer, IEndpointSource
{
    private readonly Dictionary<Naming.Path, EndpointSet> _names = [];
    private readonly Dictionary<Naming.Path, NameState> _states = [];

    /// <summary>A name with endpoints on these ports.</summary>
    public ScriptedNames With(string name, params int[] ports)
    {
        ImmutableArray<Endpoint> endpoints =
        [
            .. ports.Select(p => new Endpoint(new IPEndPoint(IPAddress.Loopback, p))),
        ];
        _names[Naming.Path.Parse(name)] = new EndpointSet.Known(endpoints);
        return this;
    }

    /// <summary>A name whose endpoints are not known yet.</summary>
    public ScriptedNames WithPending(string name)
    {
        _names[Naming.Path.Parse(name)] = EndpointSet.Pending.Instance;
        return this;
    }

    /// <summary>A name of which nothing is known.</summary>
    public ScriptedNames Answering(string name, NameState state)
    {
        _states[Naming.Path.Parse(name)] = state;
        return this;
    }

    public NameState Lookup(Naming.Path path)
    {
        if (path.Length < 3)
        {
            return NameState.Neg;
        }

        var id = path.Take(3);
        return _states.TryGetValue(id, out var state) ? state
            : _names.ContainsKey(id) ? NameState.Bound(id, path.Skip(3))
            : NameState.Neg;
    }

    public EndpointSet Endpoints(Naming.Path concreteName) =>
        _names.GetValueOrDefault(concreteName, EndpointSet.Neg.Instance);
}
