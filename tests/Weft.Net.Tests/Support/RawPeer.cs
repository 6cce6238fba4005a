using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests;

/// <summary>A connection whose other side is a plain socket, so that what a stranger sees can be checked.</summary>
internal sealed class RawPeer : IDisposable
{
    private RawPeer(Socket socket, Connection connection)
    {
        Socket = socket;
        Connection = connection;
    }

    public Socket Socket { get; }

    public Connection Connection { get; }

    public static async Task<RawPeer> ConnectAsync(TestLoops loops)
    {
        var accepted = new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = loops.Group.Listen(TestLoops.AnyPort, accepted.SetResult);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndPoint);
        var connection = await TestLoops.WithinPatience(accepted.Task);
        await TestLoops.WithinPatience(listener.CloseAsync());
        return new RawPeer(socket, connection);
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Socket.Dispose();
    }

    /// <summary>Reads to the end of the stream; throws <see cref="SocketException"/> when there is a reset instead.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var n = await TestLoops.WithinPatience(Socket.ReceiveAsync(buffer.AsMemory()).AsTask());
            if (n == 0)
            {
                return all.ToArray();
            }

            all.Write(buffer, 0, n);
        }
    }

    public void Dispose() => Socket.Dispose();
}
