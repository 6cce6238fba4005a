using System.Buffers;

namespace Weft.Naming;

/// <summary>Takes <c>host:port</c> apart; null, which is neg, when there is no such label. No IPv6 addresses.</summary>
internal static class HostPortRewriters
{
    /// <summary>A port may be a name, as Kubernetes has it.</summary>
    private const int MaxPortLength = 63;

    private static readonly SearchValues<char> s_port = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz-");

    /// <summary><c>/$/io.buoyant.hostportPfx/pfx/host:port/etc</c> is <c>/pfx/host/port/etc</c>.</summary>
    internal static Path? HostPort(Path path) =>
        TrySplit(path, out var host, out var port) ? Path.Of(path[2], host, port).Concat(path, 4) : null;

    /// <summary><c>/$/io.buoyant.porthostPfx/pfx/host:port/etc</c> is <c>/pfx/port/host/etc</c>.</summary>
    internal static Path? PortHost(Path path) =>
        TrySplit(path, out var host, out var port) ? Path.Of(path[2], port, host).Concat(path, 4) : null;

    private static bool TrySplit(Path path, out string host, out string port)
    {
        host = port = "";
        if (path.Length < 4 || path[3].IndexOf(':', StringComparison.Ordinal) is var colon && colon < 0)
        {
            return false;
        }

        host = path[3][..colon];
        port = path[3][(colon + 1)..];
        return HostText.IsName(host) && IsPort(port);
    }

    private static bool IsPort(string port) =>
        port.Length is > 0 and <= MaxPortLength && port[0] != '-' && !port.AsSpan().ContainsAnyExcept(s_port);
}
