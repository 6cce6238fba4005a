using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>
/// The event loop where there is no epoll: System.Net.Sockets tells its thread pool what happened, and the loop's one thread is told in
/// turn. Slower, with the same behaviour.
/// </summary>
internal sealed class SocketLoop(int index, TimeProvider time, Action<Exception> onUnhandled)
    : EventLoop(index, time, onUnhandled)
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly HashSet<SocketConnection> _connections = [];

    public override async ValueTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, int timeoutMilliseconds)
    {
        var signal = new LoopSignal<ConnectResult>();
        var attempt = new SocketConnect(this, endPoint, timeoutMilliseconds, signal);
        var outcome = signal.Arm();
        attempt.Begin();
        return await outcome;
    }

    public void Add(SocketConnection connection) => _connections.Add(connection);

    public void Remove(SocketConnection connection) => _connections.Remove(connection);

    protected override void Poll(int timeoutMilliseconds)
    {
        _wake.Wait(timeoutMilliseconds);
        UpdateNow();
    }

    protected override void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken already: one turn takes everything that was posted.
        }
    }

    protected override void Dispose()
    {
        foreach (var connection in _connections.ToArray())
        {
            connection.Abort();
        }
    }
}
