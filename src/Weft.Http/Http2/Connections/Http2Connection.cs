using Weft.Net;

namespace Weft.Http;

/// <summary>
/// What both sides of an HTTP/2 connection have in common: one reader, which takes all frames that have come before anybody is told of them, and one
/// writer, which sends what all streams have at the end of the loop's turn.
/// </summary>
public abstract partial class Http2Connection
{
    // Useless frames that a request makes up for.
    private const int RequestWorth = 8;

    private readonly LoopSignal<bool> _yielded = new();
    private readonly LoopSignal<bool> _allEnded = new();
    private readonly List<Http2Stream> _wakes = [];
    private readonly ClosedStreams _closed = new();
    private FloodGuard _guard;
    private bool _isWaking;
    private bool _isParsing;
    private bool _wakeDeferred;
    private bool _isEnding;
    private bool _isOver;

    private protected Http2Connection(Connection connection, Http2Options options)
    {
        Connection = connection;
        Options = Http2Options.Checked(options);
        Output = new FrameOutput(connection, this);
        _receiveWindow = new ReceiveWindow(options.ConnectionWindow);
        _guard = new FloodGuard(connection.Loop.NowMilliseconds);
        _timer = new ConnectionTimer(this);
    }

    public Connection Connection { get; }

    /// <summary>Why the connection has ended; none while it has not.</summary>
    public Http2EndReason EndReason { get; private set; }

    /// <summary>Exchanges that are under way.</summary>
    public int ActiveStreams { get; private protected set; }

    internal EventLoop Loop => Connection.Loop;

    internal Http2Options Options { get; }

    internal FrameOutput Output { get; }

    private protected StreamTable Streams { get; } = new();

    private protected HpackDecoder Decoder { get; } = new(HpackDecoder.DefaultTableSize);

    private protected HpackEncoder Encoder { get; } = new();

    /// <summary>Nothing more is begun: the connection says goodbye, or is gone.</summary>
    private protected bool IsEnding => _isEnding;

    private protected abstract bool IsServer { get; }

    /// <summary>Serves the connection until it and all its exchanges have ended. Called once.</summary>
    public async LoopTask RunAsync()
    {
        var writer = Output.RunAsync();
        try
        {
            Begin();
            await ReadAsync();
        }
        finally
        {
            End(Http2EndReason.Aborted);
            _isOver = true;
            TimerWheel.Clear(_timer);
            Output.Flush();
            Output.End();
            Connection.Close();
            ReleaseInput();
            await writer;
            if (ActiveStreams > 0)
            {
                await _allEnded.Arm();
            }

            OnOver();
        }
    }

    /// <summary>Ends the connection at once, with a reset.</summary>
    public void Abort()
    {
        End(Http2EndReason.Aborted);
        Connection.Abort();
    }

    /// <summary>Gives credit for bytes of DATA back that nobody holds any more.</summary>
    internal void GiveBack(int count)
    {
        if (count == 0)
        {
            return;
        }

        var increment = _receiveWindow.GiveBack(count);
        if (increment > 0 && !_isEnding)
        {
            SendWindowUpdate(0, increment);
        }
    }

    /// <summary>Something has happened to a stream: those who wait on it run when all that has come was looked at.</summary>
    internal void QueueWake(Http2Stream stream)
    {
        if (stream.IsToWake)
        {
            return;
        }

        stream.IsToWake = true;
        _wakes.Add(stream);
        if (!_isParsing && !_isWaking && !_wakeDeferred)
        {
            _wakeDeferred = true;
            Loop.Defer(static c => ((Http2Connection)c!).OnWakeDeferred(), this);
        }
    }

    /// <summary>An exchange has ended and its stream is free.</summary>
    private protected void OnExchangeEnded()
    {
        ActiveStreams--;
        if (ActiveStreams > 0)
        {
            return;
        }

        _idleSince = Loop.NowMilliseconds;
        _isQuiet = false;
        if (_isOver)
        {
            _allEnded.Complete(result: true);
        }
        else
        {
            OnIdle();
        }
    }

    /// <summary>Takes a stream out of the connection, after its last frame.</summary>
    private protected void Forget(Http2Stream stream, StreamEnd end)
    {
        _closed.Add(stream.Id, end);
        Streams.Remove(stream);
        stream.End();
    }

    /// <summary>A stream was reset here that never came into use.</summary>
    private protected void MarkReset(int streamId) => _closed.Add(streamId, StreamEnd.ResetHere);

    /// <summary>The peer broke a rule: says so and ends what it concerns.</summary>
    private protected void Handle(in Http2Fault fault, int streamId)
    {
        if (fault.Scope == FaultScope.Connection)
        {
            Fail(fault);
        }
        else if (fault.Scope == FaultScope.Stream)
        {
            if (!_guard.Spend(1, Loop.NowMilliseconds))
            {
                Fail(Http2Fault.Flood(Http2EndReason.FrameFlood));
                return;
            }

            var stream = Streams.Find(streamId);
            if (stream is null || stream.ResetCode is not null)
            {
                SendReset(streamId, fault.Code);
            }
            else
            {
                ResetStream(stream, fault.Code);
            }
        }
    }

    /// <summary>Resets a stream that is in use; those who wait on it are told.</summary>
    internal void ResetStream(Http2Stream stream, Http2ErrorCode code)
    {
        if (stream.State.IsReset || _isEnding)
        {
            return;
        }

        if (!stream.State.IsClosed)
        {
            SendReset(stream.Id, code);
        }

        stream.OnResetHere();
        QueueWake(stream);
    }

    /// <summary>The peer has begun a stream: useful, as long as it does not take it back.</summary>
    private protected void OnOpenedByPeer()
    {
        _guard.OnOpened();
        _guard.Earn(RequestWorth);
    }

    /// <summary>The peer has answered.</summary>
    private protected void OnAnswered() => _guard.Earn(RequestWorth);

    /// <summary>The peer has reset a stream of its own that was not answered yet.</summary>
    private protected Http2Fault OnTakenBack(Http2Stream stream)
    {
        var isYoung = Loop.NowMilliseconds - stream.OpenedMilliseconds < FloodGuard.YoungMilliseconds;
        return isYoung && !_guard.OnReset() ? Http2Fault.Flood(Http2EndReason.ResetFlood) : Http2Fault.None;
    }

    private protected Http2Fault TooMuch() => Useless();

    /// <summary>Says why, and ends: GOAWAY, then the end of our stream of bytes; what still comes is read for a moment and dropped.</summary>
    private protected void Fail(in Http2Fault fault)
    {
        if (_isEnding)
        {
            return;
        }

        WriteGoAway(LastPeerStream, fault.Code);
        Finish(fault.Reason);
    }

    /// <summary>Ends without another word.</summary>
    private protected void Finish(Http2EndReason reason)
    {
        End(reason);
        Output.Flush();
        Connection.ShutdownWrite();
        _lingerDue = Loop.NowMilliseconds + Options.LingerMilliseconds;
        Watch(_lingerDue);
    }

    /// <summary>No more frames are taken, and every exchange ends.</summary>
    private void End(Http2EndReason reason)
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        EndReason = reason;
        foreach (var stream in Streams.Slots)
        {
            if (stream is not null)
            {
                stream.OnReset(Http2ErrorCode.Cancel);
                QueueWake(stream);
            }
        }

        OnEnding();
    }

    private void OnWakeDeferred()
    {
        _wakeDeferred = false;
        RunWakes();
    }

    private void RunWakes()
    {
        if (_isWaking)
        {
            return;
        }

        _isWaking = true;
        // The list may grow while it is walked.
        for (var i = 0; i < _wakes.Count; i++)
        {
            var stream = _wakes[i];
            stream.IsToWake = false;
            stream.Owner.OnWake();
        }

        _wakes.Clear();
        _isWaking = false;
    }

    /// <summary>The highest stream of the peer that was taken.</summary>
    private protected abstract int LastPeerStream { get; }

    /// <summary>A whole field block has come.</summary>
    private protected abstract Http2Fault OnHeaders(
        int streamId,
        bool endStream,
        ReadOnlySpan<byte> block,
        bool dependsOnItself
    );

    /// <summary>The peer has reset a stream that is in use.</summary>
    private protected abstract Http2Fault OnPeerReset(Http2Stream stream, Http2ErrorCode code);

    /// <summary>The peer will begin no more streams, and has not looked at those after <paramref name="lastStream"/>.</summary>
    private protected abstract void OnGoAway(int lastStream, Http2ErrorCode code);

    /// <summary>The peer's SETTINGS have changed.</summary>
    private protected abstract void OnSettings();

    /// <summary>True for a number that no stream has had.</summary>
    private protected abstract bool IsUnused(int streamId);

    /// <summary>The last exchange has ended.</summary>
    private protected abstract void OnIdle();

    /// <summary>No more frames are taken.</summary>
    private protected abstract void OnEnding();

    /// <summary>The connection and all exchanges have ended.</summary>
    private protected abstract void OnOver();
}
