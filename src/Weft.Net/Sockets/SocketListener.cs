using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>One listening socket whose connections go to the loops in turn.</summary>
internal sealed class SocketListener : Listener
{
    private const int Backlog = 4096;

    private readonly Socket _socket;
    private readonly IReadOnlyList<SocketLoop> _loops;
    private readonly Action<Connection> _onAccept;
    private readonly Action<Exception> _onUnhandled;
    private readonly Task _accepting;
    private int _next;

    public SocketListener(
        IReadOnlyList<SocketLoop> loops,
        IPEndPoint endPoint,
        Action<Connection> onAccept,
        Action<Exception> onUnhandled
    )
    {
        _loops = loops;
        _onAccept = onAccept;
        _onUnhandled = onUnhandled;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
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
            throw new ListenException(endPoint, e.Message, "choose another address, or stop the program that uses it");
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override Task CloseAsync()
    {
        _socket.Dispose();
        return _accepting;
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.NotSocket)
            {
                return;
            }
            catch (SocketException e)
            {
                // One connection that died in the queue, or no descriptor left: the others still wait.
                _onUnhandled(e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _loops[0].Time);
                continue;
            }

            var loop = _loops[_next++ % _loops.Count];
            loop.Post(_ => Hand(loop, socket));
        }
    }

    private void Hand(SocketLoop loop, Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            if (remote.Address.IsIPv4MappedToIPv6)
            {
                remote = new IPEndPoint(remote.Address.MapToIPv4(), remote.Port);
            }

            _onAccept(new SocketConnection(loop, socket, (IPEndPoint)socket.LocalEndPoint!, remote));
        }
        catch (SocketException)
        {
            socket.Dispose(); // Gone before it was handed over: nobody is left to be told.
        }
    }
}
