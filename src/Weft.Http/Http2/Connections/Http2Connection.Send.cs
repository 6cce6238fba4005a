using Weft.Net;

namespace Weft.Http;

public abstract partial class Http2Connection
{
    // A window that is opened by less than this at a time is not worth its frames.
    private const int SmallData = 256;

    private readonly Queue<Http2Stream> _queue = new();
    private SendWindow _sendWindow = new(Http2Settings.DefaultWindow);
    private bool _mayPump;

    /// <summary>What the peer has said in SETTINGS.</summary>
    private protected Http2Settings Peer = new();

    /// <summary>Sends a piece of a body and what follows it; completes when all of it is on its way, false when it cannot be.</summary>
    internal LoopTask<bool> SendAsync(Http2Stream stream, BodyChunk chunk, TrailerFields? trailers)
    {
        if (!stream.State.CanSend || _isEnding)
        {
            return new LoopTask<bool>(result: false);
        }

        stream.Pending = new PendingSend
        {
            Data = chunk.Data,
            IsLast = chunk.IsLast,
            Trailers = chunk.IsLast ? trailers : null,
        };
        if (TrySend(stream, int.MaxValue))
        {
            return new LoopTask<bool>(result: true);
        }

        return Suspend(stream);
    }

    /// <summary>True when a head may be written now.</summary>
    internal bool MayWriteHead()
    {
        if (!Output.HasRoom)
        {
            Output.Flush();
        }

        return Output.HasRoom;
    }

    /// <summary>Completes when a head may be written; false when the stream is over.</summary>
    internal LoopTask<bool> WaitForRoom(Http2Stream stream)
    {
        stream.Pending = new PendingSend { IsForRoom = true };
        return Suspend(stream);
    }

    private LoopTask<bool> Suspend(Http2Stream stream)
    {
        stream.ProgressMilliseconds = Loop.NowMilliseconds;
        if (IsHeldUpByConnection(stream))
        {
            Enqueue(stream);
        }

        WatchSends();
        return stream.WaitForSend();
    }

    private void Enqueue(Http2Stream stream)
    {
        if (!stream.IsQueued)
        {
            stream.IsQueued = true;
            _queue.Enqueue(stream);
        }
    }

    /// <summary>
    /// Puts DATA frames together as far as both windows, the output's bound and <paramref name="most"/> bytes allow; true when all is out. The one place where
    /// flow-controlled bytes are sent.
    /// </summary>
    private bool TrySend(Http2Stream stream, int most)
    {
        ref var pending = ref stream.Pending;
        while (!pending.Data.IsEmpty)
        {
            var worth = Math.Min(pending.Data.Length, FrameHeader.DefaultMaxLength / 4);
            if (Output.Room < worth)
            {
                Output.Flush();
                if (Output.Room < worth)
                {
                    return false;
                }
            }

            var allowed = Math.Min(stream.SendWindow.Available, _sendWindow.Available);
            var count = Math.Min(Math.Min(pending.Data.Length, allowed), Math.Min(FrameHeader.DefaultMaxLength, most));
            if (count <= 0)
            {
                return false;
            }

            var ends = pending.IsLast && count == pending.Data.Length && pending.Trailers is null;
            if (
                !TryWriteFrame(
                    FrameType.Data,
                    ends ? FrameFlags.EndStream : FrameFlags.None,
                    stream.Id,
                    pending.Data.Span[..count]
                )
            )
            {
                return false;
            }

            stream.SendWindow.Spend(count);
            _sendWindow.Spend(count);
            most -= count;
            stream.ProgressMilliseconds = Loop.NowMilliseconds;
            // A piece that is small because the window is earns nothing: that is how a peer would have us send byte by byte.
            _guard.Earn(
                count >= SmallData ? 4
                : count == pending.Data.Length ? 1
                : 0
            );
            pending.Data = pending.Data[count..];
            if (ends)
            {
                stream.State.SendEnd();
            }
        }

        if (pending.IsLast && stream.State.CanSend)
        {
            if (pending.Trailers is { } trailers)
            {
                if (!TryWriteTrailers(stream, trailers))
                {
                    return false;
                }
            }
            else if (!TryWriteFrame(FrameType.Data, FrameFlags.EndStream, stream.Id, default))
            {
                return false;
            }

            stream.State.SendEnd();
        }

        return true;
    }

    /// <summary>Lets the streams that could not send go on, each with one frame at a time.</summary>
    private void PumpSends()
    {
        _mayPump = false;
        while (_queue.Count > 0 && Output.HasRoom && !_isEnding)
        {
            var stream = _queue.Dequeue();
            stream.IsQueued = false;
            if (!stream.IsSending || !stream.State.CanSend)
            {
                continue; // One that was reset is told so when it wakes; until then nothing of it may follow the reset.
            }

            var before = stream.Pending.Data.Length;
            if (stream.Pending.IsForRoom || TrySend(stream, FrameHeader.DefaultMaxLength))
            {
                stream.CompleteSend(sound: true);
            }
            else if (IsHeldUpByConnection(stream))
            {
                Enqueue(stream);
                if (stream.Pending.Data.Length == before)
                {
                    return;
                }
            }
        }
    }

    /// <summary>It can go on when the connection can; not only when its own window is opened.</summary>
    private static bool IsHeldUpByConnection(Http2Stream stream) =>
        stream.Pending.IsForRoom || stream.Pending.Data.IsEmpty || stream.SendWindow.Available > 0;

    /// <summary>All that was to be sent is with the kernel.</summary>
    internal void OnDrained()
    {
        if (Output.IsEmpty)
        {
            _controlFrames = 0;
        }

        if (_queue.Count > 0)
        {
            PumpSends();
        }

        OnOutputDrained();
    }

    /// <summary>The kernel takes no more: from now on it must take something in time.</summary>
    internal void OnBlocked() => WatchSends();

    private Http2Fault ReceiveWindowUpdate(int streamId, int increment)
    {
        if (streamId == 0)
        {
            if (increment == 0)
            {
                return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
            }

            if (!_sendWindow.TryAdd(increment))
            {
                return Http2Fault.Connection(Http2ErrorCode.FlowControlError);
            }

            _mayPump = true;
            return Useless();
        }

        var stream = Streams.Find(streamId);
        if (stream is null)
        {
            return IsUnused(streamId) ? Http2Fault.Connection(Http2ErrorCode.ProtocolError) : Useless();
        }

        if (increment == 0)
        {
            return Http2Fault.Stream(Http2ErrorCode.ProtocolError);
        }

        if (!stream.SendWindow.TryAdd(increment))
        {
            return Http2Fault.Stream(Http2ErrorCode.FlowControlError);
        }

        if (stream.IsSending)
        {
            Enqueue(stream);
            _mayPump = true;
        }

        return Useless();
    }

    private bool TryResizeWindows(int difference)
    {
        if (difference == 0)
        {
            return true;
        }

        foreach (var stream in Streams.Slots)
        {
            if (stream is null)
            {
                continue;
            }

            if (!stream.SendWindow.TryAdd(difference))
            {
                return false;
            }

            if (stream.IsSending && stream.SendWindow.Available > 0)
            {
                Enqueue(stream);
                _mayPump = true;
            }
        }

        return true;
    }

    /// <summary>What may be sent on a stream without waiting for the peer.</summary>
    internal int WindowOf(Http2Stream stream) => Math.Min(stream.SendWindow.Available, _sendWindow.Available);
}
