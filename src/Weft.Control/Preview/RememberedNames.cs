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
    public bool SawPending =>
        _states.Values.Any(s => s is NameState.Pending) || _sets.Values.Any(s => s is EndpointSet.Pending);

    public bool IsShared(Naming.Path path) => isShared(path);

    public NameState Lookup(Naming.Path path) =>
        shared is not null && isShared(path) ? shared.Lookup(path) : Once(_states, path, namer.Lookup);

    public EndpointSet Endpoints(Naming.Path concreteName) =>
        shared is not null && isShared(concreteName)
            ? shared.Endpoints(concreteName)
            : Once(_sets, concreteName, endpoints.Endpoints);

    private static T Once<T>(Dictionary<Naming.Path, T> answers, Naming.Path name, Func<Naming.Path, T> ask)
    {
        if (!answers.TryGetValue(name, out var answer))
        {
            answer = ask(name);
            answers.Add(name, answer);
        }

        return answer;
    }
}
