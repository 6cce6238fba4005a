using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>A connection over System.Net.Sockets: a zero-byte receive says when bytes are there, plain calls move them.</summary>
internal sealed class SocketConnection : Connection
{
    private readonly SocketLoop _loop;
    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private readonly LoopSignal<bool> _readable = new();
    private readonly LoopSignal<bool> _written = new();
    private ReadOnlyMemory<byte> _pendingSecond;
    private bool _watching;
    private bool _arrived;
    private bool _lost;

    public SocketConnection(SocketLoop loop, Socket socket, IPEndPoint local, IPEndPoint remote)
        : base(loop, local, remote)
    {
        _loop = loop;
        _socket = socket;
        _socket.Blocking = false;
        _receive.SetBuffer(Memory<byte>.Empty);
        _receive.Completed += (_, _) => _loop.Post(static c => ((SocketConnection)c!).OnArrived(), this);
        _send.Completed += (_, _) => _loop.Post(static c => ((SocketConnection)c!).OnSent(), this);
        loop.Add(this);
        Watch();
    }

    public override bool HasArrived => _arrived;

    public override int TryRead(Span<byte> buffer)
    {
        if (IsClosed)
        {
            return Broken;
        }

        var n = _socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.Success)
        {
            BytesIn += n;
            return n;
        }

        if (error != SocketError.WouldBlock)
        {
            return Broken;
        }

        _arrived = false;
        Watch();
        return WouldBlock;
    }

    public override ValueTask<bool> ReadableAsync()
    {
        if (IsClosed || _arrived)
        {
            return new ValueTask<bool>(!IsClosed);
        }

        var wait = _readable.Arm();
        Watch();
        return wait;
    }

    public override int TryWrite(ReadOnlySpan<byte> data)
    {
        if (IsClosed)
        {
            return Broken;
        }

        var n = _socket.Send(data, SocketFlags.None, out var error);
        if (error == SocketError.Success)
        {
            BytesOut += n;
            return n;
        }

        return error == SocketError.WouldBlock ? WouldBlock : Broken;
    }

    public override ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> data) => WriteAsync(data, default);

    public override ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (!Send(ref first) || (first.IsEmpty && !Send(ref second)))
        {
            return new ValueTask<bool>(result: false);
        }

        if (first.IsEmpty && second.IsEmpty)
        {
            return new ValueTask<bool>(result: true);
        }

        _pendingSecond = first.IsEmpty ? default : second;
        var wait = _written.Arm();
        Push(first.IsEmpty ? second : first);
        return wait;
    }

    public override void ShutdownWrite()
    {
        try
        {
            if (!IsClosed)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            _lost = true; // The connection broke first: the next read or write says so.
        }
    }

    public override void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        Watcher = null;
        _loop.Remove(this);
        _socket.Dispose();
        if (_readable.IsArmed || _written.IsArmed)
        {
            _loop.Defer(static c => ((SocketConnection)c!).EndWaits(), this);
        }
    }

    public override void Abort()
    {
        if (!IsClosed)
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            Close();
        }
    }

    private void EndWaits()
    {
        _written.Complete(result: false);
        _readable.Complete(result: false);
    }

    /// <summary>Sends what the kernel takes at once; false when the connection is broken.</summary>
    private bool Send(ref ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            var n = TryWrite(data.Span);
            if (n == WouldBlock)
            {
                return true;
            }

            if (n < 0)
            {
                return false;
            }

            data = data[n..];
        }

        return true;
    }

    private void Push(ReadOnlyMemory<byte> data)
    {
        _send.SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(data));
        if (!_socket.SendAsync(_send))
        {
            _loop.Post(static c => ((SocketConnection)c!).OnSent(), this);
        }
    }

    private void OnSent()
    {
        if (!_written.IsArmed || IsClosed)
        {
            return;
        }

        var rest = _pendingSecond;
        _pendingSecond = default;
        if (_send.SocketError != SocketError.Success)
        {
            _written.Complete(result: false);
            return;
        }

        BytesOut += _send.BytesTransferred;
        if (rest.IsEmpty)
        {
            _written.Complete(result: true);
        }
        else
        {
            Push(rest);
        }
    }

    private void Watch()
    {
        if (_watching || IsClosed)
        {
            return;
        }

        _watching = true;
        if (!_socket.ReceiveAsync(_receive))
        {
            _loop.Post(static c => ((SocketConnection)c!).OnArrived(), this);
        }
    }

    private void OnArrived()
    {
        _watching = false;
        if (IsClosed)
        {
            return;
        }

        _arrived = true;
        _lost |= _receive.SocketError is not SocketError.Success;
        if (_readable.IsArmed)
        {
            _readable.Complete(result: true);
        }
        else if (!_lost)
        {
            Watcher?.OnArrived(this);
        }

        if (_lost && !IsClosed)
        {
            _written.Complete(result: false);
            Watcher?.OnLost(this);
        }
    }
}
