using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// A namer of which a name without endpoints does not exist, so that the next alternative of a dtab is tried: for sources where the entry of a service
/// outlives its instances.
/// </summary>
/// <param name="inner">Whose answers these are; it becomes the namer's own.</param>
internal sealed class EmptyIsNegNamer(IDiscoveryNamer inner) : IDiscoveryNamer
{
    public Naming.Path Prefix => inner.Prefix;

    public IReadOnlyList<Problem> Problems => inner.Problems;

    public TimeSpan? FailingFor => inner.FailingFor;

    public event Action? Changed
    {
        add => inner.Changed += value;
        remove => inner.Changed -= value;
    }

    public void Start() => inner.Start();

    public NameState Lookup(Naming.Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        // When the longest name that exists is empty, a shorter one may be what is meant.
        for (var asked = path; ; )
        {
            var state = inner.Lookup(asked);
            if (state is not NameState.Ok { Tree: NameTree<BoundName>.Leaf { Value.Id: var id } })
            {
                return state;
            }
            if (inner.Endpoints(id) is not EndpointSet.Known { Endpoints.IsEmpty: true })
            {
                return NameState.Bound(id, path.Skip(id.Length));
            }
            if (id.Length <= Prefix.Length + 1)
            {
                return NameState.Neg;
            }
            asked = path.Take(id.Length - 1);
        }
    }

    public EndpointSet Endpoints(Naming.Path concreteName) =>
        inner.Endpoints(concreteName) is var set && set is EndpointSet.Known { Endpoints.IsEmpty: true }
            ? EndpointSet.Neg.Instance
            : set;

    public TimeSpan? StaleFor(Naming.Path concreteName) => inner.StaleFor(concreteName);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
