using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests;

/// <summary>A listener that accepts nothing and whose queue is full, so that a further connect gets no answer at all.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public static async Task<FullListener> MakeAsync()
    {
        var full = new FullListener();
        full._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full._listener.Listen(0);
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            full._queued.Add(socket);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            try
            {
                await socket.ConnectAsync(full.EndPoint, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return full;
            }
        }
    }

    public void Dispose()
    {
        _queued.ForEach(s => s.Dispose());
        _listener.Dispose();
    }
}
