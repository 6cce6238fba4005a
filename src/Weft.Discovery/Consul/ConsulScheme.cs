using Weft.Naming;

namespace Weft.Discovery;

/// <summary><c>/#/consul/datacentre/service</c>, or with tags <c>/#/consul/datacentre/tag/service</c>; <c>.local</c> is the agent's own datacentre.</summary>
internal sealed class ConsulScheme(bool includeTag) : NameScheme<EndpointSet>
{
    private const string LocalDatacentre = ".local";

    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        var length = includeTag ? 3 : 2;
        if (labels.Length < length)
        {
            return null;
        }
        foreach (var label in labels[..length])
        {
            if (!LabelText.IsStep(label))
            {
                return $"'{label}' cannot be in a name of Consul";
            }
        }
        candidates.Add(new NameCandidate(length, KeyOf(labels[0], includeTag ? labels[1] : "", labels[length - 1])));
        return null;
    }

    public override EndpointSet Select(EndpointSet known, NameCandidate name) => known;

    /// <summary>What is asked for, as path and query.</summary>
    private static string KeyOf(string datacentre, string tag, string service)
    {
        var query = datacentre == LocalDatacentre ? "" : $"dc={Escape(datacentre)}&";
        query += tag.Length == 0 ? "" : $"tag={Escape(tag)}&";
        return $"v1/health/service/{Escape(service)}?{query}";
    }

    private static string Escape(string label) => Uri.EscapeDataString(LabelText.Of(label));
}
