using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>Collects the endpoints of one name: sorted, and each address once, with the sum of its weights.</summary>
internal sealed class EndpointMerge
{
    /// <summary>Endpoints of one name.</summary>
    public const int MaxEndpoints = 20_000;

    /// <summary>The greatest weight of an endpoint, as in files: sums of such weights stay finite.</summary>
    public const double MaxWeight = 1e9;

    private readonly Dictionary<IPEndPoint, Endpoint> _endpoints = [];

    /// <summary>Whether a number can be a weight: from 0 to <see cref="MaxWeight"/>.</summary>
    public static bool IsWeight(double weight) => weight is >= 0 and <= MaxWeight;

    /// <summary>Takes one in.</summary>
    /// <exception cref="BackendException">There are more than <see cref="MaxEndpoints"/>.</exception>
    public void Add(Endpoint endpoint)
    {
        if (_endpoints.TryGetValue(endpoint.Address, out var same))
        {
            _endpoints[endpoint.Address] = same with { Weight = same.Weight + endpoint.Weight };
            return;
        }
        if (_endpoints.Count == MaxEndpoints)
        {
            throw new BackendException($"a name has more than {MaxEndpoints} endpoints");
        }
        _endpoints.Add(endpoint.Address, endpoint);
    }

    /// <summary>Takes one in unless its address is there already.</summary>
    /// <exception cref="BackendException">There are more than <see cref="MaxEndpoints"/>.</exception>
    public void AddOnce(Endpoint endpoint)
    {
        if (!_endpoints.ContainsKey(endpoint.Address))
        {
            Add(endpoint);
        }
    }

    public EndpointSet.Known ToSet() =>
        _endpoints.Count == 0
            ? EndpointSet.Known.Empty
            : new EndpointSet.Known([.. _endpoints.Values.Order(ByAddress.Instance)]);

    /// <summary>By family, address and port.</summary>
    private sealed class ByAddress : IComparer<Endpoint>
    {
        public static readonly ByAddress Instance = new();

        public int Compare(Endpoint? x, Endpoint? y)
        {
            var (a, b) = (x!.Address, y!.Address);
            if (a.AddressFamily != b.AddressFamily)
            {
                return a.AddressFamily == AddressFamily.InterNetwork ? -1 : 1;
            }
            Span<byte> left = stackalloc byte[16];
            Span<byte> right = stackalloc byte[16];
            a.Address.TryWriteBytes(left, out var length);
            b.Address.TryWriteBytes(right, out _);
            var order = left[..length].SequenceCompareTo(right[..length]);
            return order != 0 ? order : a.Port.CompareTo(b.Port);
        }
    }
}
