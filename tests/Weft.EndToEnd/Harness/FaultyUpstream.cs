using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>What a <see cref="FaultyUpstream"/> does with a request.</summary>
public enum Fault
{
    /// <summary>Nobody listens.</summary>
    Refuses,

    /// <summary>Takes the connection and says nothing, ever: half-open, as seen from here.</summary>
    SaysNothing,

    /// <summary>Begins its answer and goes on so slowly that it will not end in anybody's time.</summary>
    Drips,

    /// <summary>Resets the connection when it has read the request.</summary>
    Resets,

    /// <summary>Sends half of a body and resets the connection.</summary>
    ResetsMidBody,

    /// <summary>Answers what is no HTTP.</summary>
    TalksGarbage,
}

/// <summary>A server that fails every request in the same way, as long as it lives.</summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private static readonly TimeSpan DripInterval = TimeSpan.FromMilliseconds(100);

    private readonly Fault _fault;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly Task _accepting;
    private int _asked;

    public FaultyUpstream(Fault fault)
    {
        _fault = fault;
        // A port that is bound and not listened on refuses, and nobody else can take it.
        _listener.Bind(FreePort.NextOnLoopback());
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        if (fault != Fault.Refuses)
            _listener.Listen();
        _accepting = fault == Fault.Refuses ? Task.CompletedTask : Accept();
    }

    public IPEndPoint Address { get; }

    /// <summary>Requests that it has read.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        foreach (var connection in _connections)
            connection.Dispose();
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptAsync(_stop.Token);
                _connections.Add(connection);
                _ = Fail(connection); // It handles whatever a connection can suffer.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Fail(Socket connection)
    {
        try
        {
            var head = new byte[4096];
            if (await connection.ReceiveAsync(head, _stop.Token) == 0)
                return;
            Interlocked.Increment(ref _asked);
            switch (_fault)
            {
                case Fault.Drips:
                    await Drip(connection);
                    break;
                case Fault.TalksGarbage:
                    await Send(connection, "\x16\x03\x01 I am no server of yours\r\n\r\n");
                    break;
                case Fault.ResetsMidBody:
                    await Send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it");
                    break;
            }
            if (_fault is Fault.Resets or Fault.ResetsMidBody)
            {
                connection.LingerState = new LingerOption(enable: true, seconds: 0);
                connection.Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            connection.Dispose(); // The proxy has given it up, or the test is over.
        }
    }

    private async Task Drip(Socket connection)
    {
        using var time = new PeriodicTimer(DripInterval);
        await Send(connection, "HTTP/1.1 200 OK\r\nX-Slow: ");
        while (await time.WaitForNextTickAsync(_stop.Token))
            await Send(connection, "z");
    }

    private static async Task Send(Socket connection, string text) =>
        _ = await connection.SendAsync(Encoding.Latin1.GetBytes(text));
}
