using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>A connect under way.</summary>
internal sealed class SocketConnect(
    SocketLoop loop,
    IPEndPoint endPoint,
    int timeoutMilliseconds,
    LoopSignal<ConnectResult> signal
) : LoopTimer
{
    private readonly Socket _socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private bool _done;

    public void Begin()
    {
        loop.SetTimer(this, timeoutMilliseconds);
        var args = new SocketAsyncEventArgs { RemoteEndPoint = endPoint };
        args.Completed += (_, a) => loop.Post(_ => Finish(a));
        if (!_socket.ConnectAsync(args))
        {
            Finish(args);
        }
    }

    protected internal override void OnDue()
    {
        if (!_done)
        {
            _done = true;
            _socket.Dispose();
            signal.Complete(new ConnectResult(null, $"timed out after {timeoutMilliseconds} ms"));
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

        _done = true;
        TimerWheel.Clear(this);
        if (error != SocketError.Success)
        {
            _socket.Dispose();
            signal.Complete(new ConnectResult(null, new SocketException((int)error).Message));
            return;
        }

        var connection = new SocketConnection(loop, _socket, (IPEndPoint)_socket.LocalEndPoint!, endPoint);
        signal.Complete(new ConnectResult(connection, null));
    }
}
