using System.Net;
using System.Net.Sockets;

namespace Weft.Naming;

/// <summary>Binds <c>/$/inet</c>, <c>/$/fixedinet</c> and <c>/$/io.buoyant.rinet</c>; resolves nothing.</summary>
internal static class InetNames
{
    /// <summary>RFC 1035, section 2.3.4, as text.</summary>
    private const int MaxHostLength = 253;

    /// <summary><c>/$/inet/host/port/residual</c>, or <c>/$/inet/port/residual</c> for the local host.</summary>
    internal static NameState Inet(Path path)
    {
        if (path.Length >= 4 && IsNumber(path[3]))
        {
            return Bind(path, host: path[2], port: path[3], consumed: 4);
        }

        return path.Length >= 3 && IsNumber(path[2])
            ? Bind(path, host: null, port: path[2], consumed: 3)
            : new NameState.Failed($"{path}: /$/{path[1]} is followed by a host and a port, or by a port");
    }

    /// <summary><c>/$/io.buoyant.rinet/port/host/residual</c>.</summary>
    internal static NameState Rinet(Path path) =>
        path.Length < 4 ? NameState.Neg : Bind(path, host: path[3], port: path[2], consumed: 4);

    /// <summary>A port that can be connected to, 1 to 65535, in digits only.</summary>
    internal static bool TryPort(string label, out int port)
    {
        port = 0;
        return label.Length <= 5 && IsNumber(label) && int.TryParse(label, out port) && port is > 0 and <= 65535;
    }

    /// <summary>A DNS name, an IPv4 address, or an IPv6 address without brackets.</summary>
    internal static bool IsHost(string label)
    {
        if (label.Contains(':', StringComparison.Ordinal))
        {
            return label[0] != '['
                && IPAddress.TryParse(label, out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
        }

        return label.Length <= MaxHostLength && HostText.IsName(label);
    }

    private static NameState Bind(Path path, string? host, string port, int consumed)
    {
        if (!TryPort(port, out _))
        {
            return new NameState.Failed($"{path}: a port is 1 to 65535");
        }

        return host is null || IsHost(host)
            ? NameState.Bound(path.Take(consumed), path.Skip(consumed))
            : new NameState.Failed($"{path}: the label before or after the port is no host name and no address");
    }

    private static bool IsNumber(string label) => !label.AsSpan().ContainsAnyExceptInRange('0', '9');
}
