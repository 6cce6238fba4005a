using System.Net;
using System.Net.Sockets;

namespace Weft.Cli.Demo;

/// <summary>Ports on loopback that nobody listens on.</summary>
internal static class FreePorts
{
    // Below the range out of which systems serve connections that go out, which could take a port again before it is used.
    private const int First = 12_000;
    private const int End = 32_000;
    private const int MaxTries = 2_000;

    /// <summary>Different ports, all free at one moment. Whoever listens must still be ready to find one taken.</summary>
    public static int[] Take(int count, Random random)
    {
        var held = new List<Socket>(count);
        try
        {
            for (var i = 0; held.Count < count; i++)
            {
                if (i == MaxTries)
                {
                    throw new DemoException($"no {count} free ports were found from {First} to {End - 1} on 127.0.0.1");
                }

                if (TryHold(random.Next(First, End)) is { } socket)
                {
                    held.Add(socket);
                }
            }

            return [.. held.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static Socket? TryHold(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            // Taken, or reserved by the system: the next one.
            socket.Dispose();
            return null;
        }
    }
}
