using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What is known of a name in DNS.</summary>
/// <param name="Services">The endpoints of a service; of a host that has no addresses, neg or empty.</param>
/// <param name="Host">The addresses of a host.</param>
/// <param name="Ttl">How long that holds.</param>
internal sealed record DnsAnswer(EndpointSet Services, HostAnswer.Known? Host, TimeSpan Ttl)
{
    public EndpointSet On(int port) => Host is null ? Services : Host.On(port);

    /// <summary>Whether two answers say the same, for however long.</summary>
    internal sealed class Comparer : IEqualityComparer<DnsAnswer>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(DnsAnswer? x, DnsAnswer? y) =>
            x is null || y is null
                ? x == y
                : Equals(x.Host, y.Host) && EndpointSetComparer.Instance.Equals(x.Services, y.Services);

        public int GetHashCode([DisallowNull] DnsAnswer obj) => EndpointSetComparer.Instance.GetHashCode(obj.Services);
    }
}
