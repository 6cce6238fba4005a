using System.Globalization;

namespace Weft.Resources.Scalars;

/// <summary>A host name or an IP address, and perhaps a port: <c>zk1:2181</c>, <c>[::1]:2181</c>; without a port it is 0.</summary>
internal static class HostText
{
    public static bool TryParse(string text, out HostAndPort value)
    {
        value = new HostAndPort(text, 0);
        if (AddressText.TryParseIp(text, out var address))
        {
            value = new HostAndPort(address.ToString(), 0);
            return true;
        }
        if (AddressText.TryParse(text, out var endpoint))
        {
            value = new HostAndPort(endpoint.Address.ToString(), endpoint.Port);
            return endpoint.Port != 0;
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var port = 0;
        if (
            colon >= 0
            && (
                !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is 0 or > 65535
            )
        )
        {
            return false;
        }
        var host = colon < 0 ? text : text[..colon];
        value = new HostAndPort(host, port);
        return Uri.CheckHostName(host) == UriHostNameType.Dns;
    }
}
