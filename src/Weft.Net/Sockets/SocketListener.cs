using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>One listening socket whose connections go to the loops in turn. It belongs to the first loop and ends with it.</summary>
internal sealed class SocketListener : Listener, ISocketOwner
{
    private const int Backlog = 4096;
    private const int PauseMilliseconds = 100;

    private readonly Socket _socket;
    private readonly IReadOnlyList<SocketLoop> _loops;
    private readonly Action<Connection> _onAccept;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private uint _next;

    public SocketListener(IReadOnlyList<SocketLoop> loops, IPEndPoint endPoint, Action<Connection> onAccept)
    {
        _loops = loops;
        _onAccept = onAccept;
        try
        {
            _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException e)
        {
            throw Refused(endPoint, e);
        }

        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw Refused(endPoint, e);
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        if (!loops[0].TryPost(static l => ((SocketListener)l!).Join(), this))
        {
            OnLoopEnded();
        }

        _accepting = AcceptAsync();
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override Task CloseAsync()
    {
        _closing.Cancel();
        return _accepting;
    }

    public void OnLoopEnded()
    {
        _closing.Cancel();
        _socket.Dispose();
    }

    private static ListenException Refused(IPEndPoint endPoint, SocketException e)
    {
        var remedy = e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "stop the program that listens there or choose another port",
            SocketError.AccessDenied => "choose a port above 1023 or run with the right to listen on lower ones",
            SocketError.AddressNotAvailable => "choose an address that this machine has",
            _ => "choose another address",
        };
        return new ListenException(endPoint, e.Message, remedy);
    }

    private void Join()
    {
        if (!_loops[0].Add(this))
        {
            OnLoopEnded();
        }
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await AcceptOneAsync();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            AcceptQueued();
        }

        _socket.Dispose();
        _loops[0].Post(static l => ((SocketListener)l!).Leave(), this);
        await Task.WhenAll(_loops.Select(HandedOverAsync));
    }

    private async Task AcceptOneAsync()
    {
        try
        {
            Hand(await _socket.AcceptAsync(_closing.Token));
        }
        catch (SocketException e)
        {
            // One connection that died in the queue, or no descriptor left: the others still wait.
            var told = new InvalidOperationException($"cannot accept on {LocalEndPoint}: {e.Message}", e);
            _loops[0].Post(_ => _loops[0].Unhandled(told));
            await Task.Delay(TimeSpan.FromMilliseconds(PauseMilliseconds), _loops[0].Time, _closing.Token);
        }
    }

    /// <summary>What the kernel has accepted would be reset by the close. No more than a queue full: others keep coming.</summary>
    private void AcceptQueued()
    {
        try
        {
            _socket.Blocking = false;
            for (var i = 0; i < Backlog; i++)
            {
                Hand(_socket.Accept());
            }
        }
        catch (SocketException)
        {
            // The queue is empty, which is how this ends.
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended, and with it those who would take the connections.
        }
    }

    private void Leave() => _loops[0].Remove(this);

    /// <summary>Completes when the connections that were posted to the loop have been taken.</summary>
    private static Task HandedOverAsync(SocketLoop loop)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return loop.TryPost(static r => ((TaskCompletionSource)r!).SetResult(), reached) ? reached.Task : loop.Ended;
    }

    private void Hand(Socket socket)
    {
        var loop = _loops[(int)(_next++ % (uint)_loops.Count)];
        if (!loop.TryPost(_ => Take(loop, socket)))
        {
            socket.Dispose();
        }
    }

    private void Take(SocketLoop loop, Socket socket)
    {
        SocketConnection connection;
        try
        {
            socket.NoDelay = true;
            var remote = Plain((IPEndPoint)socket.RemoteEndPoint!);
            connection = new SocketConnection(loop, socket, Plain((IPEndPoint)socket.LocalEndPoint!), remote);
        }
        catch (SocketException)
        {
            socket.Dispose(); // Gone before it was handed over: nobody is left to be told.
            return;
        }

        try
        {
            if (!connection.IsClosed)
            {
                _onAccept(connection);
            }
        }
        catch
        {
            connection.Abort(); // Nobody owns it.
            throw;
        }
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
