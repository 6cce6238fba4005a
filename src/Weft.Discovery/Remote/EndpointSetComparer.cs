using System.Diagnostics.CodeAnalysis;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>Two sets are the same when they say the same of the same endpoints in the same order.</summary>
internal sealed class EndpointSetComparer : IEqualityComparer<EndpointSet>
{
    public static readonly EndpointSetComparer Instance = new();

    public bool Equals(EndpointSet? x, EndpointSet? y)
    {
        if (x is not EndpointSet.Known a || y is not EndpointSet.Known b)
        {
            return object.Equals(x, y);
        }
        return ReferenceEquals(a, b) || AreSame(a.Endpoints.AsSpan(), b.Endpoints.AsSpan());
    }

    public int GetHashCode([DisallowNull] EndpointSet obj) =>
        obj is EndpointSet.Known known ? known.Endpoints.Length : obj.GetHashCode();

    private static bool AreSame(ReadOnlySpan<Endpoint> a, ReadOnlySpan<Endpoint> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }
        for (var i = 0; i < a.Length; i++)
        {
            var isSame =
                a[i].Address.Equals(b[i].Address)
                && a[i].Weight.Equals(b[i].Weight)
                && (ReferenceEquals(a[i].Metadata, b[i].Metadata) || a[i].Metadata.SequenceEqual(b[i].Metadata));
            if (!isSame)
            {
                return false;
            }
        }
        return true;
    }
}
