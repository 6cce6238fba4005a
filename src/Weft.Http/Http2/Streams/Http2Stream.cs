using Weft.Net;

namespace Weft.Http;

/// <summary>
/// One stream: its state, its two windows, the body that is received on it and what waits to be sent on it. It knows frames only through
/// its connection. Pooled: it belongs to one exchange object for life and serves one exchange after the other.
/// </summary>
internal sealed class Http2Stream : BodySource
{
    private readonly Http2Connection _connection;
    private readonly ReceivedData _data;
    private readonly TrailerFields _trailers = new();
    private readonly LoopSignal<BodyChunk> _readable = new();
    private readonly LoopSignal<bool> _sent = new();
    private ReceiveWindow _window;
    private BodyState _body;
    private BodyState _failure;
    private bool _hasHead;
    private long _expected;
    private long _received;

    public Http2Stream(Http2Connection connection, IStreamOwner owner)
    {
        _connection = connection;
        _data = new ReceivedData(connection.Loop.Buffers);
        Owner = owner;
    }

    public IStreamOwner Owner { get; }

    /// <summary>0 while the stream is not in use.</summary>
    public int Id { get; private set; }

    public StreamState State;
    public SendWindow SendWindow;

    /// <summary>When the stream was opened, or has last sent something, on the loop's clock in milliseconds.</summary>
    public long ProgressMilliseconds { get; set; }

    public long OpenedMilliseconds { get; private set; }

    /// <summary>What the other side reset the stream with; null when it did not.</summary>
    public Http2ErrorCode? ResetCode { get; private set; }

    /// <summary>It is in the connection's list of streams that something has happened to.</summary>
    public bool IsToWake { get; set; }

    /// <summary>It is in the connection's queue of streams that could not send.</summary>
    public bool IsQueued { get; set; }

    /// <summary>What a suspended send still has to send.</summary>
    public PendingSend Pending;

    /// <summary>A send is under way that did not end at once.</summary>
    public bool IsSending => _sent.IsArmed;

    public override bool IsComplete => _body == BodyState.Last;

    public override RejectReason Reason =>
        _body == BodyState.Malformed || _failure == BodyState.Malformed ? BodyReason : RejectReason.None;

    /// <summary>The rule that the body broke.</summary>
    public RejectReason BodyReason { get; private set; }

    public override TrailerFields? Trailers => IsComplete && _trailers.Count > 0 ? _trailers : null;

    private bool IsAllReceived => State.IsRemoteEnded;

    /// <summary>Takes the stream into use.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="sendWindow">The other side's SETTINGS_INITIAL_WINDOW_SIZE.</param>
    /// <param name="receiveWindow">Ours.</param>
    public void Begin(int id, int sendWindow, int receiveWindow)
    {
        Id = id;
        State = default;
        State.Open();
        SendWindow = new SendWindow(sendWindow);
        _window = new ReceiveWindow(receiveWindow);
        _trailers.Reset();
        _body = BodyState.More;
        _failure = BodyState.More;
        _hasHead = false;
        _expected = -1;
        _received = 0;
        BodyReason = RejectReason.None;
        ResetCode = null;
        Pending = default;
        OpenedMilliseconds = _connection.Loop.NowMilliseconds;
        ProgressMilliseconds = OpenedMilliseconds;
    }

    /// <summary>The head said how long the body is (-1: it did not), or that there is none.</summary>
    public void ExpectBody(long length, bool ended)
    {
        _hasHead = true;
        _expected = length;
        if (ended)
        {
            State.ReceiveEnd();
            _body = BodyState.Last;
        }
    }

    /// <summary>Gives everything back; the stream is not in use any more.</summary>
    public void End()
    {
        Discard();
        Id = 0;
        State = default;
        Pending = default;
    }

    public override BodyChunk Take()
    {
        ReleaseHeld();
        if (_body != BodyState.More)
        {
            return new BodyChunk(default, _body);
        }

        if (_failure != BodyState.More)
        {
            _body = _failure;
            return new BodyChunk(default, _body);
        }

        if (_data.IsEmpty)
        {
            _body = IsAllReceived ? BodyState.Last : BodyState.More;
            return new BodyChunk(default, _body);
        }

        var piece = _data.Take();
        _body = _data.IsEmpty && IsAllReceived ? BodyState.Last : BodyState.More;
        return new BodyChunk(piece, _body);
    }

    public override LoopTask<BodyChunk> ReadAsync()
    {
        var chunk = Take();
        return chunk.State != BodyState.More || !chunk.Data.IsEmpty ? new LoopTask<BodyChunk>(chunk) : _readable.Arm();
    }

    /// <summary>DATA has arrived.</summary>
    /// <param name="data">Without padding.</param>
    /// <param name="frameLength">With padding: what counts for the windows.</param>
    public Http2Fault OnData(ReadOnlySpan<byte> data, int frameLength, bool endStream)
    {
        if (!_window.TryTake(frameLength))
        {
            return Http2Fault.Stream(Http2ErrorCode.FlowControlError);
        }

        if (!_hasHead)
        {
            return Malformed(RejectReason.InvalidPseudoHeader);
        }

        _received += data.Length;
        if (_expected >= 0 && (_received > _expected || (endStream && _received != _expected)))
        {
            return Malformed(RejectReason.LengthMismatch);
        }

        if (!data.IsEmpty && _failure == BodyState.More)
        {
            _data.Append(data);
        }

        if (endStream)
        {
            State.ReceiveEnd();
        }

        GiveBack(frameLength - data.Length);
        return Http2Fault.None;
    }

    /// <summary>Where trailers go.</summary>
    public TrailerSink BeginTrailers() => new(_trailers);

    /// <summary>Trailers have arrived, and with them the end; or they broke a rule.</summary>
    public Http2Fault OnTrailers(RejectReason reason)
    {
        if (reason != RejectReason.None)
        {
            return Malformed(reason);
        }

        if (_expected >= 0 && _received != _expected)
        {
            return Malformed(RejectReason.LengthMismatch);
        }

        _trailers.DropForbidden();
        State.ReceiveEnd();
        return Http2Fault.None;
    }

    public void OnReset(Http2ErrorCode code)
    {
        ResetCode = code;
        if (State.IsRemoteEnded)
        {
            // It has said all; only what we still send is of no use (RFC 9113 section 8.1).
            State.SendReset();
            return;
        }

        State.ReceiveReset();
        FailBody(BodyState.Broken);
    }

    /// <summary>We give the stream up; what was received of it is dropped.</summary>
    public void OnResetHere()
    {
        State.SendReset();
        FailBody(BodyState.Broken);
    }

    /// <summary>A send has ended: its waiter runs now.</summary>
    public void CompleteSend(bool sound) => _sent.Complete(sound);

    /// <summary>Begins a wait for <see cref="CompleteSend"/>.</summary>
    public LoopTask<bool> WaitForSend() => _sent.Arm();

    /// <summary>Runs those who wait for what has happened.</summary>
    public void Wake()
    {
        if (_sent.IsArmed && State.IsReset)
        {
            Pending = default;
            _sent.Complete(result: false);
        }

        if (_readable.IsArmed)
        {
            var chunk = Take();
            if (chunk.State != BodyState.More || !chunk.Data.IsEmpty)
            {
                _readable.Complete(chunk);
            }
        }
    }

    private Http2Fault Malformed(RejectReason reason)
    {
        BodyReason = reason;
        FailBody(BodyState.Malformed);
        return Http2Fault.Stream(Http2ErrorCode.ProtocolError);
    }

    private void FailBody(BodyState failure)
    {
        if (_failure == BodyState.More && _body == BodyState.More)
        {
            _failure = failure;
            var dropped = _data.Length;
            _data.Drop();
            _connection.GiveBack(dropped);
        }
    }

    private void Discard()
    {
        ReleaseHeld();
        var dropped = _data.Length;
        _data.Drop();
        _connection.GiveBack(dropped);
    }

    private void ReleaseHeld()
    {
        var held = _data.Held;
        if (held > 0)
        {
            _data.Release();
            GiveBack(held);
        }
    }

    private void GiveBack(int count)
    {
        if (count == 0)
        {
            return;
        }

        var increment = _window.GiveBack(count);
        if (increment > 0 && !State.IsRemoteEnded && !State.IsReset)
        {
            _connection.SendWindowUpdate(Id, increment);
        }

        _connection.GiveBack(count);
    }
}

/// <summary>What a suspended send waits to put on the wire.</summary>
internal struct PendingSend
{
    public ReadOnlyMemory<byte> Data;
    public TrailerFields? Trailers;

    /// <summary>END_STREAM follows the data.</summary>
    public bool IsLast;

    /// <summary>Nothing of its own: it waits for room, to go on itself.</summary>
    public bool IsForRoom;
}

/// <summary>The exchange that a stream serves.</summary>
internal interface IStreamOwner
{
    /// <summary>Something has happened to the stream: the owner's own waits and watchers are told. Runs between reading and sending.</summary>
    void OnWake();
}
