using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What is known of a node: null when it is no server set; otherwise the endpoints of each name, <c>""</c> being the service's own.</summary>
internal sealed record ServerSet(ImmutableDictionary<string, EndpointSet.Known>? Endpoints)
{
    public static readonly ServerSet Absent = new((ImmutableDictionary<string, EndpointSet.Known>?)null);

    /// <summary>The endpoints of one name; a name that no member has does not exist.</summary>
    public EndpointSet Named(string name) =>
        Endpoints is null ? EndpointSet.Neg.Instance
        : Endpoints.TryGetValue(name, out var endpoints) ? endpoints
        : name.Length == 0 ? EndpointSet.Known.Empty
        : EndpointSet.Neg.Instance;

    /// <summary>From the members that are alive.</summary>
    public static ServerSet Of(IEnumerable<ServerSetMember> members)
    {
        var merges = new Dictionary<string, EndpointMerge>(StringComparer.Ordinal);
        foreach (var (name, endpoint) in members.SelectMany(m => m.Endpoints))
        {
            if (!merges.TryGetValue(name, out var merge))
            {
                merges.Add(name, merge = new EndpointMerge());
            }
            merge.Add(endpoint);
        }
        return new ServerSet(merges.ToImmutableDictionary(m => m.Key, m => m.Value.ToSet(), StringComparer.Ordinal));
    }

    internal sealed class Comparer : IEqualityComparer<ServerSet>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(ServerSet? x, ServerSet? y)
        {
            if (x?.Endpoints is not { } a || y?.Endpoints is not { } b)
            {
                return x?.Endpoints == y?.Endpoints;
            }
            return a.Count == b.Count
                && a.All(e =>
                    b.TryGetValue(e.Key, out var other) && EndpointSetComparer.Instance.Equals(e.Value, other)
                );
        }

        public int GetHashCode([DisallowNull] ServerSet obj) => obj.Endpoints?.Count ?? -1;
    }
}
