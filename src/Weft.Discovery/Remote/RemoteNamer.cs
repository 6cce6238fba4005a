using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Names out of a backend across the network. Opens a watch for what is asked for; answers from what the watches know, at once.
/// </summary>
internal sealed class RemoteNamer<T> : IDiscoveryNamer
    where T : class
{
    private readonly NameScheme<T> _scheme;
    private readonly WatchTable<T> _table;
    private readonly string? _eager;
    private readonly IAsyncDisposable? _owned;

    /// <summary>A namer that asks nobody until it is asked.</summary>
    /// <param name="prefix">What all names begin with; at least one label.</param>
    /// <param name="scheme">How names are made.</param>
    /// <param name="table">The watches; they become the namer's own.</param>
    /// <param name="eager">A key that is watched from the start; null when there is none.</param>
    /// <param name="owned">What is to be disposed after the watches.</param>
    public RemoteNamer(
        Naming.Path prefix,
        NameScheme<T> scheme,
        WatchTable<T> table,
        string? eager = null,
        IAsyncDisposable? owned = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(prefix.Length, nameof(prefix));
        (Prefix, _scheme, _table, _eager, _owned) = (prefix, scheme, table, eager, owned);
    }

    public Naming.Path Prefix { get; }

    public IReadOnlyList<Problem> Problems => [.. _table.Problems.Select(p => new Problem(Prefix.ToString(), 0, 0, p))];

    public TimeSpan? FailingFor => _table.FailingSince is { } since ? _table.Since(since) : null;

    public event Action? Changed
    {
        add => _table.Changed += value;
        remove => _table.Changed -= value;
    }

    public void Start()
    {
        if (_eager is not null)
        {
            _table.Get(_eager);
        }
    }

    public NameState Lookup(Naming.Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var (candidates, nonsense) = Find(path);
        if (nonsense is not null)
        {
            return new NameState.Failed(nonsense);
        }
        foreach (var candidate in candidates)
        {
            switch (Answer(candidate))
            {
                case EndpointSet.Known:
                    var length = Prefix.Length + candidate.Length;
                    return NameState.Bound(path.Take(length), path.Skip(length));
                case EndpointSet.Failed failed:
                    return new NameState.Failed(failed.Message);
                case EndpointSet.Pending:
                    return NameState.Pending.Instance;
                default:
                    continue;
            }
        }
        return NameState.Neg;
    }

    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        ArgumentNullException.ThrowIfNull(concreteName);
        var (candidates, nonsense) = Find(concreteName);
        if (nonsense is not null)
        {
            return new EndpointSet.Failed(nonsense);
        }
        foreach (var candidate in candidates)
        {
            if (Prefix.Length + candidate.Length == concreteName.Length)
            {
                return Answer(candidate);
            }
        }
        return EndpointSet.Neg.Instance;
    }

    public TimeSpan? StaleFor(Naming.Path concreteName)
    {
        ArgumentNullException.ThrowIfNull(concreteName);
        foreach (var candidate in Find(concreteName).Candidates)
        {
            if (
                Prefix.Length + candidate.Length == concreteName.Length
                && _table.Peek(candidate.Key) is { Value: not null, Problem: not null } state
            )
            {
                return _table.Since(state.CurrentAt);
            }
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _table.DisposeAsync();
        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }
    }

    private (List<NameCandidate> Candidates, string? Nonsense) Find(Naming.Path path)
    {
        var candidates = new List<NameCandidate>();
        return path.StartsWith(Prefix)
            ? (candidates, _scheme.Find(path.Labels.AsSpan()[Prefix.Length..], candidates))
            : (candidates, null);
    }

    private EndpointSet Answer(NameCandidate candidate)
    {
        var state = _table.Get(candidate.Key);
        return (state.Value, state.Problem) switch
        {
            ({ } value, _) => _scheme.Select(value, candidate),
            (_, { } problem) => new EndpointSet.Failed($"{Prefix}: {problem}"),
            _ => EndpointSet.Pending.Instance,
        };
    }
}
