using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Proxy.Tests;

/// <summary>Addresses on the loopback interface.</summary>
internal static class Ports
{
    // Bound and not listening for as long as the tests run: a port that is free could be the next listener's, of this test or another.
    private static readonly ConcurrentBag<Socket> s_held = [];

    /// <summary>So many at which nobody listens, and nobody will.</summary>
    public static IPEndPoint[] Closed(int count) => [.. Enumerable.Range(0, count).Select(_ => Closed())];

    private static IPEndPoint Closed()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        s_held.Add(socket);
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
