namespace Weft.Naming;

/// <summary>Reads host and port out of the concrete names that the inet built-ins make, for whoever resolves them.</summary>
public static class InetEndpoints
{
    /// <summary>What a name without a host stands for.</summary>
    public const string LocalHost = "127.0.0.1";

    /// <summary>
    /// True for <c>/$/inet/host/port</c>, <c>/$/inet/port</c>, the same of <c>fixedinet</c>, and
    /// <c>/$/io.buoyant.rinet/port/host</c>.
    /// </summary>
    /// <param name="id">A concrete name, without residual.</param>
    /// <param name="host">A DNS name or an address; IPv6 addresses have no brackets.</param>
    /// <param name="port">1 to 65535.</param>
    public static bool TryParse(Path id, out string host, out int port)
    {
        ArgumentNullException.ThrowIfNull(id);
        host = "";
        port = 0;
        if (id.Length is not (3 or 4) || id[0] is not "$")
        {
            return false;
        }

        var (hostLabel, portLabel) = id[1] switch
        {
            "inet" or "fixedinet" => id.Length == 3 ? (LocalHost, id[2]) : (id[2], id[3]),
            "rinet" or "io.buoyant.rinet" when id.Length == 4 => (id[3], id[2]),
            _ => ("", ""),
        };
        if (!InetNames.IsHost(hostLabel) || !InetNames.TryPort(portLabel, out port))
        {
            port = 0;
            return false;
        }

        host = hostLabel;
        return true;
    }

    /// <summary>Whether the host is to be resolved once and never again: <c>/$/fixedinet</c>.</summary>
    public static bool ResolvesOnce(Path id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length > 1 && id[0] is "$" && id[1] is "fixedinet";
    }
}
