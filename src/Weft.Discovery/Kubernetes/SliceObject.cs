using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace Weft.Discovery;

/// <summary>What matters of an EndpointSlice.</summary>
/// <param name="Service">Whose endpoints these are; empty when it is nobody's.</param>
/// <param name="IsSix">Whether the addresses are IPv6.</param>
/// <param name="Ports">Name and number of each port.</param>
/// <param name="Ready">The addresses that are ready, with what is known of them.</param>
internal sealed record SliceObject(
    string Service,
    bool IsSix,
    ImmutableArray<(string Name, int Port)> Ports,
    ImmutableArray<(IPAddress Address, ImmutableSortedDictionary<string, string> Metadata)> Ready
)
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    public static SliceObject Parse(JsonElement slice)
    {
        var service = slice.Field("metadata")?.Field("labels")?.Text(ServiceLabel) ?? "";
        var ports = new List<(string, int)>();
        foreach (var port in slice.Items("ports"))
        {
            // Others cannot be called over TCP.
            if (port.Whole("port") is > 0 and < 65536 and var number && (port.Text("protocol") ?? "TCP") == "TCP")
            {
                ports.Add((port.Text("name") ?? "", (int)number));
            }
        }
        var ready = new List<(IPAddress, ImmutableSortedDictionary<string, string>)>();
        foreach (var endpoint in slice.Items("endpoints"))
        {
            // Not said counts as ready.
            if (endpoint.Field("conditions")?.Flag("ready") is false)
            {
                continue;
            }
            var metadata = Metadata(endpoint);
            // All addresses of one endpoint lead to the same pod: the first one is enough.
            foreach (var address in endpoint.Items("addresses").Take(1))
            {
                if (IPAddress.TryParse(address.Text(), out var ip))
                {
                    ready.Add((ip, metadata));
                }
            }
        }
        return new SliceObject(service, slice.Text("addressType") == "IPv6", [.. ports], [.. ready]);
    }

    private static ImmutableSortedDictionary<string, string> Metadata(JsonElement endpoint)
    {
        var metadata = ImmutableSortedDictionary<string, string>.Empty;
        metadata = endpoint.Text("zone") is { } zone ? metadata.Add("zone", zone) : metadata;
        return endpoint.Text("nodeName") is { } node ? metadata.Add("node", node) : metadata;
    }
}
