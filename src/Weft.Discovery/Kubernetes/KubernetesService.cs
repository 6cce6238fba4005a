using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>A service: its ports, and the endpoints of each.</summary>
/// <param name="PortNames">From a port's number to its name; a lone port may have the name <c>""</c>.</param>
/// <param name="Endpoints">From a port's name to who serves it.</param>
internal sealed record KubernetesService(
    ImmutableDictionary<int, string> PortNames,
    ImmutableDictionary<string, EndpointSet.Known> Endpoints
)
{
    /// <summary>The endpoints of a port, by name or by the service's own number for it.</summary>
    public EndpointSet Port(string port)
    {
        var name = int.TryParse(port, out var number) && PortNames.TryGetValue(number, out var named) ? named : port;
        return Endpoints.TryGetValue(name, out var endpoints) ? endpoints
            : PortNames.ContainsValue(name) ? EndpointSet.Known.Empty
            : EndpointSet.Neg.Instance;
    }

    private bool SaysTheSameAs(KubernetesService other) =>
        ReferenceEquals(this, other)
        || (
            PortNames.Count == other.PortNames.Count
            && PortNames.All(p => other.PortNames.GetValueOrDefault(p.Key) == p.Value)
            && Endpoints.Count == other.Endpoints.Count
            && Endpoints.All(e =>
                other.Endpoints.TryGetValue(e.Key, out var set) && EndpointSetComparer.Instance.Equals(set, e.Value)
            )
        );

    /// <summary>Compares the services of a namespace.</summary>
    internal sealed class Comparer : IEqualityComparer<ImmutableDictionary<string, KubernetesService>>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(
            ImmutableDictionary<string, KubernetesService>? x,
            ImmutableDictionary<string, KubernetesService>? y
        ) =>
            ReferenceEquals(x, y)
            || (
                x is not null
                && y is not null
                && x.Count == y.Count
                && x.All(s => y.TryGetValue(s.Key, out var other) && s.Value.SaysTheSameAs(other))
            );

        public int GetHashCode([DisallowNull] ImmutableDictionary<string, KubernetesService> obj) => obj.Count;
    }
}
