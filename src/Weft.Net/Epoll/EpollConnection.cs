using System.Net;

namespace Weft.Net.Epoll;

/// <summary>
/// A connection on an epoll loop. Registered once, edge-triggered: what the kernel said last is remembered here, so that a system call is made
/// only when it is likely to move bytes.
/// </summary>
internal sealed class EpollConnection : Connection, IEpollHandle
{
    private readonly EpollLoop _loop;
    private readonly LoopSignal<bool> _readable = new();
    private readonly LoopSignal<bool> _written = new();

    // What a suspended write still has to send.
    private ReadOnlyMemory<byte> _pendingFirst;
    private ReadOnlyMemory<byte> _pendingSecond;

    private bool _maybeReadable;
    private bool _endArrived;

    // The kernel reports a reset once and calls what follows an end of stream; here it stays a reset.
    private bool _broken;
    private bool _watched;

    public EpollConnection(EpollLoop loop, int descriptor, IPEndPoint local, IPEndPoint remote)
        : base(loop, local, remote)
    {
        _loop = loop;
        Descriptor = descriptor;
    }

    public int Descriptor { get; }

    public int Slot { get; set; }

    public override bool MayBeReadable => _maybeReadable || IsClosed;

    public override bool HasArrived => _maybeReadable && (_endArrived || _broken || IsClosed || Peek());

    /// <summary>Registers with the loop; false when the kernel refuses.</summary>
    public bool Watch()
    {
        _watched = _loop.Register(this, Libc.EpollIn | Libc.EpollOut | Libc.EpollRdHup | Libc.EpollEdge);
        return _watched;
    }

    /// <summary>Takes the descriptor over from the connect that made it.</summary>
    public unsafe bool TakeOver(EpollConnect connect)
    {
        Slot = connect.Slot;
        _watched = _loop.Replace(this, Libc.EpollIn | Libc.EpollOut | Libc.EpollRdHup | Libc.EpollEdge);
        return _watched;
    }

    public override unsafe int TryRead(Span<byte> buffer)
    {
        if (IsClosed)
        {
            return Broken;
        }

        if (!_maybeReadable)
        {
            return WouldBlock;
        }

        nint n;
        fixed (byte* p = buffer)
        {
            do
            {
                n = Libc.Receive(Descriptor, p, buffer.Length, 0);
            } while (n < 0 && Libc.Errno == Libc.Eintr);
        }

        if (n > 0)
        {
            BytesIn += n;
            // A short read has drained the socket: bytes that come later raise an edge of their own. Only an end that
            // was announced together with the bytes raises none.
            if (n < buffer.Length && !_endArrived)
            {
                _maybeReadable = false;
            }

            return (int)n;
        }

        if (n == 0)
        {
            return _broken ? Broken : 0;
        }

        if (Libc.Errno == Libc.Eagain)
        {
            _maybeReadable = false;
            return WouldBlock;
        }

        _broken = true;
        return Broken;
    }

    public override LoopTask<bool> ReadableAsync()
    {
        if (IsClosed)
        {
            return new LoopTask<bool>(result: false);
        }

        return _maybeReadable ? new LoopTask<bool>(result: true) : _readable.Arm();
    }

    public override void WakeReader() => _readable.Complete(result: true);

    public override unsafe int TryWrite(ReadOnlySpan<byte> data)
    {
        if (IsClosed)
        {
            return Broken;
        }

        nint n;
        fixed (byte* p = data)
        {
            do
            {
                n = Libc.Send(Descriptor, p, data.Length, Libc.MsgNoSignal);
            } while (n < 0 && Libc.Errno == Libc.Eintr);
        }

        return Account(n);
    }

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> data) => WriteAsync(data, default);

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        if (_written.IsArmed)
        {
            throw new InvalidOperationException("A second write was started while the first one is under way.");
        }

        if (!Send(ref first, ref second))
        {
            return new LoopTask<bool>(result: false);
        }

        if (first.IsEmpty && second.IsEmpty)
        {
            return new LoopTask<bool>(result: true);
        }

        _pendingFirst = first;
        _pendingSecond = second;
        return _written.Arm();
    }

    public override void ShutdownWrite()
    {
        if (!IsClosed)
        {
            _ = Libc.Shutdown(Descriptor, Libc.ShutWrite);
        }
    }

    public override void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        if (_watched)
        {
            _loop.Forget(this);
        }

        _ = Libc.Close(Descriptor);
        _pendingFirst = default;
        _pendingSecond = default;
        Watcher = null;
        if (_readable.IsArmed || _written.IsArmed)
        {
            // Not now: whoever closes is in the middle of something that the waiter may be part of.
            _loop.Defer(static c => ((EpollConnection)c!).EndWaits(), this);
        }
    }

    public override void Abort()
    {
        if (!IsClosed)
        {
            EpollSockets.ResetOnClose(Descriptor);
            Close();
        }
    }

    private void EndWaits()
    {
        _written.Complete(result: false);
        _readable.Complete(result: false);
    }

    /// <summary>Sends until all is gone or the kernel takes no more; false when the connection is broken.</summary>
    private bool Send(ref ReadOnlyMemory<byte> first, ref ReadOnlyMemory<byte> second)
    {
        while (!first.IsEmpty || !second.IsEmpty)
        {
            var n =
                second.IsEmpty ? TryWrite(first.Span)
                : first.IsEmpty ? TryWrite(second.Span)
                : TryWrite(first.Span, second.Span, default);
            if (n == WouldBlock)
            {
                return true;
            }

            if (n < 0)
            {
                return false;
            }

            var ofFirst = Math.Min(n, first.Length);
            first = first[ofFirst..];
            second = second[(n - ofFirst)..];
        }

        return true;
    }

    public override unsafe int TryWrite(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (IsClosed)
        {
            return Broken;
        }

        nint n;
        fixed (
            byte* p1 = first,
                p2 = second,
                p3 = third
        )
        {
            var vectors = stackalloc Libc.IoVector[3];
            vectors[0] = new Libc.IoVector { Base = p1, Length = first.Length };
            vectors[1] = new Libc.IoVector { Base = p2, Length = second.Length };
            vectors[2] = new Libc.IoVector { Base = p3, Length = third.Length };
            var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = 3 };
            do
            {
                n = Libc.SendMessage(Descriptor, &message, Libc.MsgNoSignal);
            } while (n < 0 && Libc.Errno == Libc.Eintr);
        }

        return Account(n);
    }

    private int Account(nint sent)
    {
        if (sent >= 0)
        {
            BytesOut += sent;
            return (int)sent;
        }

        var errno = Libc.Errno;
        if (errno == Libc.Eagain)
        {
            return WouldBlock;
        }

        // EPIPE alone says nothing about the peer's stream: it may have ended in good order before.
        _broken |= errno != Libc.Epipe;
        return Broken;
    }

    /// <summary>Whether anything is there, when an edge or a read that filled its buffer left it open.</summary>
    private unsafe bool Peek()
    {
        byte first;
        var n = Libc.Receive(Descriptor, &first, 1, Libc.MsgPeek);
        if (n < 0)
        {
            var errno = Libc.Errno;
            _maybeReadable = errno != Libc.Eagain;
            _broken |= errno is not (Libc.Eagain or Libc.Eintr);
        }

        return _maybeReadable;
    }

    public void OnEvents(uint flags)
    {
        const uint lost = Libc.EpollHup | Libc.EpollErr;
        if ((flags & Libc.EpollOut) != 0 && _written.IsArmed)
        {
            ResumeWrite();
        }

        if (!IsClosed && (flags & (Libc.EpollIn | Libc.EpollRdHup | lost)) != 0)
        {
            _maybeReadable = true;
            _endArrived |= (flags & (Libc.EpollRdHup | lost)) != 0;
            if (_readable.IsArmed)
            {
                _readable.Complete(result: true);
            }
            else if ((flags & lost) == 0 && Watcher is { } watcher && HasArrived)
            {
                // Asked again, for this connection may have been read since the kernel reported it.
                watcher.OnArrived(this);
            }
        }

        if (!IsClosed && (flags & lost) != 0)
        {
            EndWrite(sound: false);
            Watcher?.OnLost(this);
        }
    }

    private void ResumeWrite()
    {
        var first = _pendingFirst;
        var second = _pendingSecond;
        var sound = Send(ref first, ref second);
        _pendingFirst = first;
        _pendingSecond = second;
        if (!sound || (first.IsEmpty && second.IsEmpty))
        {
            EndWrite(sound);
        }
    }

    private void EndWrite(bool sound)
    {
        _pendingFirst = default;
        _pendingSecond = default;
        _written.Complete(sound);
    }

    public void OnLoopEnded() => Abort();
}
