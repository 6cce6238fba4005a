using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Sockets;

/// <summary>A connection over System.Net.Sockets: a zero-byte receive says when bytes are there, plain calls move them.</summary>
/// <remarks>
/// Where it differs from epoll: after the peer's end of stream a reset is noticed by the next write only, and a close while a
/// write is suspended resets the connection.
/// </remarks>
internal sealed class SocketConnection : Connection, ISocketOwner
{
    private readonly SocketLoop _loop;
    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private readonly LoopSignal<bool> _readable = new();
    private readonly LoopSignal<bool> _written = new();
    private ReadOnlyMemory<byte> _pendingSecond;

    // A zero-byte receive is under way. Always so while nothing has arrived.
    private bool _watching;
    private bool _arrived;
    private bool _ended;

    // The kernel reports a reset once and calls what follows an end of stream; here it stays a reset.
    private bool _broken;

    public SocketConnection(SocketLoop loop, Socket socket, IPEndPoint local, IPEndPoint remote)
        : base(loop, local, remote)
    {
        _loop = loop;
        _socket = socket;
        _socket.Blocking = false;
        _receive.SetBuffer(Memory<byte>.Empty);
        _receive.Completed += (_, _) => _loop.Post(static c => ((SocketConnection)c!).OnArrived(), this);
        _send.Completed += (_, _) => _loop.Post(static c => ((SocketConnection)c!).OnSent(), this);
        if (loop.Add(this))
        {
            Watch();
        }
        else
        {
            Abort();
        }
    }

    public override bool MayBeReadable => _arrived || IsClosed;

    public override bool HasArrived => _arrived && (_ended || _broken || IsClosed || Peek());

    public void OnLoopEnded() => Abort();

    public override int TryRead(Span<byte> buffer)
    {
        if (IsClosed)
        {
            return Broken;
        }

        if (!_arrived)
        {
            return WouldBlock;
        }

        var n = _socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.Success && n > 0)
        {
            BytesIn += n;
            if (n < buffer.Length)
            {
                AwaitArrival();
            }

            return n;
        }

        if (error == SocketError.WouldBlock)
        {
            AwaitArrival();
            return WouldBlock;
        }

        _ended = true;
        _broken |= error != SocketError.Success;
        return _broken ? Broken : 0;
    }

    public override LoopTask<bool> ReadableAsync()
    {
        if (IsClosed || _arrived)
        {
            return new LoopTask<bool>(!IsClosed);
        }

        return _readable.Arm();
    }

    public override void WakeReader() => _readable.Complete(result: true);

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

        if (error == SocketError.WouldBlock)
        {
            return WouldBlock;
        }

        // EPIPE alone says nothing about the peer's stream: it may have ended in good order before.
        _broken |= error != SocketError.Shutdown;
        return Broken;
    }

    public override int TryWrite(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        // Socket gathers from arrays only, which would mean a copy or a list per call; one call per piece does the same.
        var total = 0;
        var n = TryWritePiece(first, ref total);
        n = n == first.Length ? TryWritePiece(second, ref total) : n;
        if (total == first.Length + second.Length)
        {
            n = TryWritePiece(third, ref total);
        }

        return total > 0 ? total : n;
    }

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> data) => WriteAsync(data, default);

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (_written.IsArmed)
        {
            throw new InvalidOperationException("A second write was started while the first one is under way.");
        }

        if (!Send(ref first) || (first.IsEmpty && !Send(ref second)))
        {
            return new LoopTask<bool>(result: false);
        }

        if (first.IsEmpty && second.IsEmpty)
        {
            return new LoopTask<bool>(result: true);
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
            // The connection broke first: the next read or write says so.
        }
    }

    public override void Close()
    {
        if (IsClosed)
        {
            return;
        }

        if (_watching)
        {
            // A socket that is disposed of while a receive is under way is reset, unless its sending side was shut before.
            ShutdownWrite();
        }

        Release();
    }

    public override void Abort()
    {
        if (IsClosed)
        {
            return;
        }

        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (SocketException)
        {
            // The peer was faster with its reset; some systems then refuse the option.
        }

        Release();
    }

    private void Release()
    {
        IsClosed = true;
        Watcher = null;
        _loop.Remove(this);
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
        if (_readable.IsArmed || _written.IsArmed)
        {
            _loop.Defer(static c => ((SocketConnection)c!).EndWaits(), this);
        }
    }

    private int TryWritePiece(ReadOnlySpan<byte> piece, ref int total)
    {
        if (piece.IsEmpty)
        {
            return 0;
        }

        var n = TryWrite(piece);
        total += Math.Max(n, 0);
        return n;
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
        var error = _send.SocketError;
        BytesOut += _send.BytesTransferred;
        _send.SetBuffer(Memory<byte>.Empty); // An idle connection holds on to no buffer.
        if (error != SocketError.Success)
        {
            _broken |= error != SocketError.Shutdown;
            _written.Complete(result: false);
            return;
        }

        if (rest.IsEmpty)
        {
            _written.Complete(result: true);
        }
        else
        {
            Push(rest);
        }
    }

    /// <summary>What is there, when a read that filled its buffer left it open; a zero-byte receive does not tell a reset from bytes.</summary>
    private bool Peek()
    {
        Span<byte> first = stackalloc byte[1];
        _ = _socket.Receive(first, SocketFlags.Peek, out var error);
        if (error == SocketError.WouldBlock)
        {
            AwaitArrival();
        }
        else
        {
            _broken |= error != SocketError.Success;
        }

        return _arrived;
    }

    private void AwaitArrival()
    {
        _arrived = false;
        Watch();
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
        _broken |= _receive.SocketError != SocketError.Success;
        if (_readable.IsArmed)
        {
            _readable.Complete(result: true);
        }
        else if (Watcher is { } watcher && HasArrived && !_broken)
        {
            watcher.OnArrived(this);
        }

        if (_broken && !IsClosed)
        {
            // A suspended write learns it from its own system call; until then its bytes are still in use.
            Watcher?.OnLost(this);
        }
    }
}
