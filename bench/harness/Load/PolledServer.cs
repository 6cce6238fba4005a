using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Load;

/// <summary>An accepted connection of a <see cref="PolledServer"/>.</summary>
internal abstract class PolledPeer(Socket socket) : IDisposable
{
    /// <summary>Does not block.</summary>
    protected Socket Socket => socket;

    /// <summary>Whether it waits until the socket takes more.</summary>
    public abstract bool IsSending { get; }

    /// <summary>Goes on as far as it can; false when the connection is over.</summary>
    public abstract bool Serve();

    public void Dispose() => socket.Dispose();
}

/// <summary>An upstream of the harness's own, on a thread of its own on the peers' core.</summary>
internal sealed class PolledServer : IDisposable
{
    private const int Backlog = 4096;
    private const long LookUpNanoseconds = 50_000_000;

    private readonly Func<Socket, PolledPeer> _accept;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<PolledPeer> _peers = [];

    // The listener, then the peers.
    private readonly List<Native.PollFd> _polled = [];
    private readonly Thread _thread;
    private volatile bool _stopped;

    private PolledServer(Func<Socket, PolledPeer> accept)
    {
        _accept = accept;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        _polled.Add(Watch(_listener));
        _thread = new Thread(Serve) { IsBackground = true };
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public static PolledServer Start(Func<Socket, PolledPeer> accept)
    {
        var server = new PolledServer(accept);
        server._thread.Start();
        return server;
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _listener.Dispose();
        _peers.ForEach(p => p.Dispose());
    }

    private static Native.PollFd Watch(Socket socket) => new() { Fd = (int)socket.Handle, Events = Native.PollIn };

    private void Serve()
    {
        Native.PinThread(Cores.Peers);
        while (!_stopped)
        {
            Native.Wait(CollectionsMarshal.AsSpan(_polled), LookUpNanoseconds);
            // Backwards, because the last takes the place of one that goes.
            for (var i = _polled.Count - 1; i > 0; i--)
            {
                if (_polled[i].Happened != 0)
                    Serve(i);
            }
            if (_polled[0].Happened != 0)
                Accept();
        }
    }

    private void Serve(int i)
    {
        var peer = _peers[i - 1];
        if (peer.Serve())
        {
            _polled[i] = _polled[i] with { Events = peer.IsSending ? Native.PollOut : Native.PollIn };
            return;
        }
        peer.Dispose();
        (_peers[i - 1], _polled[i]) = (_peers[^1], _polled[^1]);
        _peers.RemoveAt(_peers.Count - 1);
        _polled.RemoveAt(_polled.Count - 1);
    }

    private void Accept()
    {
        while (_listener.Poll(0, SelectMode.SelectRead))
        {
            var socket = _listener.Accept();
            (socket.Blocking, socket.NoDelay) = (false, true);
            _peers.Add(_accept(socket));
            _polled.Add(Watch(socket));
        }
    }
}
