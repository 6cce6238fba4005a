using Weft.Naming;

namespace Weft.Control;

/// <summary>
/// What namers say, each question asked once: names change while one looks at them, and a preview that sees one name in two states would show a
/// change that nobody has made.
/// </summary>
/// <param name="namer">Binds names.</param>
/// <param name="endpoints">Knows their endpoints.</param>
/// <param name="shared">Answers in place of the two where the source is the same; null when there is nothing to share with.</param>
/// <param name="isShared">Whether it is the same for a name.</param>
internal sealed class RememberedNames(
    INamer namer,
    IEndpointSource endpoints,
    RememberedNames? shared,
    Func<Naming.Path, bool> isShared
) : INamer, IEndpointSource
{
    private readonly Dictionary<Naming.Path, NameState> _states = [];
    private readonly Dictionary<Naming.Path, EndpointSet> _sets = [];

    /// <summary>Whether something was asked for that is not known yet: asking again later may help.</summary>
    public bool SawPending { get; private set; }

    public bool IsShared(Naming.Path path) => isShared(path);

    public NameState Lookup(Naming.Path path)
    {
        if (shared is not null && isShared(path))
        {
            return shared.Lookup(path);
        }

        if (!_states.TryGetValue(path, out var state))
        {
            state = namer.Lookup(path);
            _states.Add(path, state);
            SawPending |= state is NameState.Pending;
        }

        return state;
    }

    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        if (shared is not null && isShared(concreteName))
        {
            return shared.Endpoints(concreteName);
        }

        if (!_sets.TryGetValue(concreteName, out var set))
        {
            set = endpoints.Endpoints(concreteName);
            _sets.Add(concreteName, set);
            SawPending |= set is EndpointSet.Pending;
        }

        return set;
    }
}
