using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>A connect under way.</summary>
internal sealed class SocketConnect : LoopTimer, ISocketOwner
{
    private readonly SocketLoop _loop;
    private readonly IPEndPoint _endPoint;
    private readonly int _timeoutMilliseconds;
    private readonly LoopSignal<ConnectResult> _signal = new();
    private Socket? _socket;
    private bool _done;

    private SocketConnect(SocketLoop loop, IPEndPoint endPoint, int timeoutMilliseconds)
    {
        _loop = loop;
        _endPoint = endPoint;
        _timeoutMilliseconds = timeoutMilliseconds;
    }

    public static LoopTask<ConnectResult> Begin(SocketLoop loop, IPEndPoint endPoint, int timeoutMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMilliseconds);
        var connect = new SocketConnect(loop, endPoint, timeoutMilliseconds);
        var outcome = connect._signal.Arm();
        if (!loop.Add(connect))
        {
            connect.End(new ConnectResult(null, "the loop ended"));
            return outcome;
        }

        try
        {
            connect.Begin();
        }
        catch (SocketException e)
        {
            connect.Fail(e.Message); // Out of descriptors, or a kind of address that this machine does not have.
        }

        return outcome;
    }

    public void OnLoopEnded() => Fail("the loop ended");

    protected internal override void OnDue() => Fail($"timed out after {_timeoutMilliseconds} ms");

    private void Begin()
    {
        _socket = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _loop.SetTimer(this, _timeoutMilliseconds);
        var args = new SocketAsyncEventArgs { RemoteEndPoint = _endPoint };
        args.Completed += (_, a) => _loop.Post(_ => Finish(a));
        if (!_socket.ConnectAsync(args))
        {
            Finish(args);
        }
    }

    private void Finish(SocketAsyncEventArgs args)
    {
        var error = args.SocketError;
        args.Dispose();
        if (_done)
        {
            return;
        }

        if (error != SocketError.Success)
        {
            Fail(new SocketException((int)error).Message);
            return;
        }

        var socket = _socket!;
        var local = (IPEndPoint)socket.LocalEndPoint!;
        if (local.Equals(_endPoint))
        {
            // TCP's simultaneous open: the kernel picked the very port that nobody listens on as our own.
            Fail("Connection refused (the socket met itself)");
            return;
        }

        End(new ConnectResult(new SocketConnection(_loop, socket, local, _endPoint), null));
    }

    private void Fail(string reason)
    {
        if (!_done)
        {
            _socket?.Dispose();
            End(new ConnectResult(null, reason));
        }
    }

    private void End(ConnectResult result)
    {
        _done = true;
        TimerWheel.Clear(this);
        _loop.Remove(this);
        _signal.Complete(result);
    }
}
