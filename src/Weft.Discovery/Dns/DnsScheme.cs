using System.Globalization;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// <c>/#/dns/host/port</c> for the addresses of a host; <c>/#/dns/_http._tcp.web.example</c>, one label with a <c>_</c> in front, for
/// the service records of that name.
/// </summary>
internal sealed class DnsScheme : NameScheme<DnsAnswer>
{
    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        if (labels.IsEmpty)
        {
            return null;
        }
        var name = labels[0].ToLowerInvariant().TrimEnd('.');
        var isAddress = IPAddress.TryParse(name, out _);
        if (!isAddress && !HostName.IsValid(name))
        {
            return $"'{labels[0]}' is not a name that DNS can ask for";
        }
        if (name[0] == '_')
        {
            candidates.Add(new NameCandidate(1, name));
            return null;
        }
        if (labels.Length < 2)
        {
            return null;
        }
        if (!ushort.TryParse(labels[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return $"'{labels[1]}' is not a port";
        }
        candidates.Add(new NameCandidate(2, name, labels[1]));
        return null;
    }

    public override EndpointSet Select(DnsAnswer known, NameCandidate name) =>
        name.Length == 1 ? known.Services : known.On(int.Parse(name.Part, CultureInfo.InvariantCulture));
}
