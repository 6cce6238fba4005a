using System.Net;
using System.Net.Sockets;

namespace Weft.Proxy.Tests;

/// <summary>Addresses on the loopback interface.</summary>
internal static class Ports
{
    /// <summary>So many at which nobody listens.</summary>
    public static IPEndPoint[] Closed(int count)
    {
        var sockets = Enumerable
            .Range(0, count)
            .Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            .ToArray();
        foreach (var socket in sockets)
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        IPEndPoint[] found = [.. sockets.Select(s => (IPEndPoint)s.LocalEndPoint!)];
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        return found;
    }
}
