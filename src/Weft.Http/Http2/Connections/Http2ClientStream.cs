using Weft.Net;

namespace Weft.Http;

/// <summary>One request to a server, on a stream of its own.</summary>
public sealed class Http2ClientStream : ClientExchange, IStreamOwner
{
    // A server may send a few interim responses; one that sends them without end is hostile or broken.
    private const int MaxInterim = 16;

    private readonly Http2ClientConnection _connection;
    private readonly LoopSignal<bool> _headArrived = new();
    private readonly LoopSignal<bool> _settingsRead = new();
    private readonly Queue<ResponseHead> _arrived = new();
    private readonly Stack<ResponseHead> _spare = new();
    private ResponseHead _response = new();
    private RejectReason _reason;
    private int _heads;
    private bool _isOpen;
    private bool _isSent;
    private bool _isReused;
    private bool _isAborted;

    internal Http2ClientStream(Http2ClientConnection connection)
    {
        _connection = connection;
        Core = new Http2Stream(connection, this);
    }

    internal Http2Stream Core { get; }

    /// <summary>The method of the request, as it is on the wire.</summary>
    internal RequestMethod Method { get; private set; }

    /// <summary>The final response's head has come: what follows is its body and its trailers.</summary>
    internal bool HasFinalHead { get; private set; }

    public override Connection Connection => _connection.Connection;

    /// <summary>The connection that carries this exchange and others.</summary>
    public Http2ClientConnection Carrier => _connection;

    public override ResponseHead Response => _response;

    public override BodySource ResponseBody => Core;

    public override bool IsReused => _isReused;

    public override RejectReason Reason => _reason != RejectReason.None ? _reason : Core.BodyReason;

    public override Http2ErrorCode? ResetCode => _connection.EndReason == Http2EndReason.None ? Core.ResetCode : null;

    public override LoopTask<bool> SendHeadAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        _isReused = _connection.Requests > 0;
        return head.Protocol.IsEmpty || _connection.HasSettings
            ? SendHead(head, added, first, trailers)
            : SendHeadLaterAsync(head, added, first, trailers);
    }

    private LoopTask<bool> SendHead(RequestHead head, AddedFields added, BodyChunk first, TrailerFields? trailers)
    {
        Method = head.Protocol.IsEmpty ? head.Method : RequestMethod.Connect;
        if (!head.Protocol.IsEmpty && !(_connection.TakesExtendedConnect && head.Method == RequestMethod.Get))
        {
            // Other methods cannot be said: there is one place for the method, and CONNECT is in it.
            _reason = RejectReason.ProtocolNotOffered;
            return new LoopTask<bool>(result: false);
        }

        var ends = first.IsLast && first.Data.IsEmpty && trailers is null;
        if (_isAborted || !_connection.TryBegin(this, head, added, ends))
        {
            return new LoopTask<bool>(result: false);
        }

        _isSent = true;
        return ends || (first.Data.IsEmpty && !first.IsLast)
            ? new LoopTask<bool>(result: true)
            : _connection.SendAsync(Core, first, trailers);
    }

    /// <summary>An extended CONNECT must not be sent before the server has said that it takes them (RFC 8441 section 3).</summary>
    private async LoopTask<bool> SendHeadLaterAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        _connection.WakeWithSettings(this);
        return !_isAborted && await _settingsRead.Arm() && await SendHead(head, added, first, trailers);
    }

    public override LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers) =>
        _connection.SendAsync(Core, chunk, trailers);

    public override ResponseOutcome? TryReadHead(RequestMethod method)
    {
        if (!_arrived.TryDequeue(out var head))
        {
            return HasFailed ? Failure() : null;
        }

        Drop(_response);
        _response = head;
        return ResponseOutcome.Head;
    }

    public override LoopTask<bool> WaitForHeadAsync() => _headArrived.Arm();

    public override bool EndExchange() => _isSent && Core.State.IsLocalEnded && Core.IsComplete && _connection.IsUsable;

    public override void Abort()
    {
        _isAborted = true;
        if (_isSent)
        {
            _connection.ResetStream(Core, Http2ErrorCode.Cancel);
        }
        else if (_settingsRead.IsArmed)
        {
            _connection.QueueWake(Core);
        }
    }

    public override void Close()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        HeadBytes.Return(_response, _connection.Loop.Buffers);
        while (_arrived.TryDequeue(out var head))
        {
            Drop(head);
        }

        _connection.EndExchange(this);
    }

    internal void Begin()
    {
        _isOpen = true;
        _isSent = false;
        _isAborted = false;
        HasFinalHead = false;
        _heads = 0;
        _reason = RejectReason.None;
    }

    /// <summary>Where the next head goes: one that nobody looks at.</summary>
    internal ResponseHead NewHead()
    {
        var head = _spare.TryPop(out var spare) ? spare : new ResponseHead();
        head.Reset();
        return head;
    }

    internal void Drop(ResponseHead head)
    {
        HeadBytes.Return(head, _connection.Loop.Buffers);
        _spare.Push(head);
    }

    /// <summary>A head has come, good or bad.</summary>
    internal Http2Fault OnHead(ResponseHead head, RejectReason reason, bool endStream)
    {
        if (reason == RejectReason.None && head.IsInterim && ++_heads > MaxInterim)
        {
            reason = RejectReason.HeadTooLarge;
        }

        if (reason != RejectReason.None)
        {
            _reason = reason;
            Drop(head);
            return Http2Fault.Stream(Http2ErrorCode.ProtocolError);
        }

        if (!head.IsInterim)
        {
            HasFinalHead = true;
            Core.ExpectBody(head.Body == BodyKind.None ? 0 : head.ContentLength, endStream);
        }

        _arrived.Enqueue(head);
        return Http2Fault.None;
    }

    void IStreamOwner.OnWake()
    {
        if (_settingsRead.IsArmed)
        {
            _settingsRead.Complete(_connection.HasSettings && !_isAborted);
        }

        if (_arrived.Count > 0 || HasFailed)
        {
            _headArrived.Complete(result: true);
        }

        Core.Wake();
    }

    /// <summary>No head comes any more.</summary>
    private bool HasFailed => !_isSent || Core.State.IsReset || _reason != RejectReason.None;

    private ResponseOutcome Failure() =>
        _reason == RejectReason.ProtocolNotOffered ? ResponseOutcome.NotOffered
        : !_isSent ? ResponseOutcome.Refused
        : _reason != RejectReason.None || Core.BodyReason != RejectReason.None ? ResponseOutcome.Malformed
        : _isAborted ? ResponseOutcome.ClosedMidway
        : _heads == 0 && Core.ResetCode == Http2ErrorCode.RefusedStream ? ResponseOutcome.Refused
        : _heads == 0 && _connection.EndReason != Http2EndReason.None ? ResponseOutcome.ClosedUnanswered
        : ResponseOutcome.ClosedMidway;
}
