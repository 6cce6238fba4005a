using Weft.Net;
using Phase = Weft.Http.Http1ServerPhase;

namespace Weft.Http;

/// <summary>The server's side of an HTTP/1.1 connection: one request after the other, each handed to the handler.</summary>
public sealed partial class Http1ServerConnection : ServerExchange, IServerConnection, IConnectionWatcher
{
    // What a client may still send behind a response that closes, before we stop listening to it.
    private const int LingerBytes = 1024 * 1024;

    // Most requests are a head of some hundred bytes, and each that is being served holds the buffer it came in.
    private const int RequestBytes = 4 * 1024;

    private readonly IServerHandler _handler;
    private readonly ServerOptions _options;
    private readonly ReceiveBuffer _input;
    private readonly Http1RequestParser _parser;
    private readonly Http1BodyReader _body;
    private readonly WaitTimer _timer;
    private Phase _phase;
    private bool _isIdleTimed;
    private bool _headTimedOut;
    private bool _draining;
    private bool _chunkedResponse;
    private bool _isTunnel;
    private bool _closeAfterResponse;
    private bool _started;
    private bool _ended;

    /// <summary>Makes the connection; <see cref="RunAsync"/> begins it.</summary>
    /// <param name="connection">What it speaks over.</param>
    /// <param name="handler">Serves the requests.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="received">What was read of the connection to find out that it is HTTP/1.1.</param>
    public Http1ServerConnection(
        Connection connection,
        IServerHandler handler,
        ServerOptions options,
        ReadOnlySpan<byte> received = default
    )
    {
        Connection = connection;
        _handler = handler;
        _options = options;
        _input = new ReceiveBuffer(connection, RequestBytes);
        _input.Unread(received);
        _parser = new Http1RequestParser(options.Limits);
        _body = new Http1BodyReader(_input);
        _timer = new WaitTimer(this);
    }

    public override Connection Connection { get; }

    public override RequestHead Request { get; } = new();

    public override BodySource RequestBody => _body;

    public override bool ResponseStarted => _started;

    public override bool ResponseEnded => _ended;

    private EventLoop Loop => Connection.Loop;

    public async LoopTask RunAsync()
    {
        try
        {
            while (true)
            {
                // Waiting here, and not in a method of its own, saves a suspension for each request.
                BeginHead();
                HeadStep step;
                while ((step = ReadHead()) == HeadStep.Wait)
                {
                    await _input.WaitAsync();
                }

                if (step == HeadStep.End)
                {
                    break;
                }

                _phase = Phase.Exchange;
                TimerWheel.Clear(_timer);
                Connection.Watcher = this;
                await _handler.HandleAsync(this);
                Connection.Watcher = null;
                LossWatcher = null;
                _handler.OnHandled(this);
                if (!EndExchange())
                {
                    break;
                }
            }

            await LingerAsync();
        }
        finally
        {
            TimerWheel.Clear(_timer);
            if (_phase == Phase.Exchange && !_ended)
            {
                // A defect in the handler: its client must neither wait for ever nor take what it has for the whole.
                Connection.Abort();
            }

            Connection.Close();
            _input.Clear();
            _handler.OnClosed(this);
        }
    }

    /// <summary>Lets the connection end after the request that is under way or, if none comes soon, without one.</summary>
    public void Drain()
    {
        _draining = true;
        if (_phase == Phase.Idle)
        {
            Loop.SetTimer(_timer, Math.Min(_options.DrainGraceMilliseconds, _options.IdleMilliseconds));
        }
    }

    public override LoopTask<bool> SendInterimAsync(ResponseHead head)
    {
        if (Request.Version == ProtocolVersion.Http10)
        {
            return new LoopTask<bool>(result: true);
        }

        HopByHop.Drop(head);
        return SendAsync(head, null, BodyChunk.None, chunked: false, null);
    }

    public override LoopTask<bool> SendHeadAsync(
        ResponseHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        _started = true;
        _chunkedResponse = false;
        _closeAfterResponse |= _draining || !Request.KeepAlive || Request.UpgradeRequested;
        HopByHop.Drop(head);
        _isTunnel = head.SwitchesProtocol && Request.IsTunnel;
        if (_isTunnel)
        {
            _body.BeginTunnel();
        }
        else if (head.Body is BodyKind.Chunked or BodyKind.UntilClose)
        {
            if (Request.Version == ProtocolVersion.Http10)
            {
                _closeAfterResponse = true;
            }
            else
            {
                _chunkedResponse = true;
            }
        }

        _ended = first.IsLast;
        var sending = SendAsync(head, added, first, _chunkedResponse, trailers);
        return _isTunnel ? MessageWriter.EndTunnel(Connection, first, sending) : sending;
    }

    public override LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers)
    {
        _ended = chunk.IsLast;
        if (_isTunnel)
        {
            return MessageWriter.SendRawAsync(Connection, chunk);
        }

        return MessageWriter.SendBodyAsync(Connection, chunk, _chunkedResponse, trailers);
    }

    public override LoopTask<bool> RespondAsync(int status, FieldBlock fields, ReadOnlyMemory<byte> body)
    {
        _started = true;
        _ended = true;
        // What is yet to come of the request's body will not be read: the next request cannot be found.
        _closeAfterResponse |=
            _draining
            || !Request.KeepAlive
            || Request.UpgradeRequested
            || (!RequestBody.IsComplete && !SkipReceivedBody());
        // 204 has neither body nor length; the length in a 304 would be that of what it stands for (RFC 9110 section 8.6).
        var bodiless = status is 204 or 304;
        var length = WriteLocalHead(status, fields, bodiless ? null : body.Length);
        var content = bodiless || Request.Method == RequestMethod.Head ? default : body;
        return MessageWriter.SendHeadAsync(
            Connection,
            length,
            new BodyChunk(content, BodyState.Last),
            chunked: false,
            null
        );
    }

    public override void Abort() => Connection.Abort();

    void IConnectionWatcher.OnArrived(Connection connection)
    {
        // A pipelined request, or the client has sent all that it will: both can wait until this response is out.
    }

    void IConnectionWatcher.OnLost(Connection connection) => LossWatcher?.OnClientLost();

    /// <summary>A request may come.</summary>
    private void BeginHead()
    {
        _started = false;
        _ended = false;
        _isTunnel = false;
        _phase = Phase.Idle;
        _isIdleTimed = false;
    }

    /// <summary>Reads the next request's head as far as it has come.</summary>
    private HeadStep ReadHead()
    {
        while (true)
        {
            if (_input.Available > 0)
            {
                var status = _parser.Parse(_input.Array, _input.Start, _input.End, Request);
                if (status == ParseStatus.Complete)
                {
                    _input.Consume(_parser.Consumed);
                    _input.Retain();
                    _body.Begin(Request);
                    return HeadStep.Complete;
                }

                if (status == ParseStatus.Rejected)
                {
                    Reject(_parser.Reason);
                    return HeadStep.End;
                }

                if (_phase == Phase.Idle && _parser.InProgress)
                {
                    _phase = Phase.Head;
                    Loop.SetTimer(_timer, _options.HeadMilliseconds);
                }
            }

            if (_phase == Phase.Idle && !_isIdleTimed)
            {
                _isIdleTimed = true;
                Loop.SetTimer(_timer, _draining ? _options.DrainGraceMilliseconds : _options.IdleMilliseconds);
            }

            var n = _input.TryFillHead(_options.Limits.MaxBytes);
            if (n <= 0)
            {
                return n == Connection.WouldBlock ? HeadStep.Wait : HeadStep.End;
            }
        }
    }

    private void Reject(RejectReason reason)
    {
        _phase = Phase.Closing;
        _closeAfterResponse = true;
        var response = _handler.OnRejected(this, reason);
        var length = WriteLocalHead(response.Status, response.Fields, response.Body.Length);
        // It fits the kernel's buffer unless the client stopped reading long ago; then it has no use for it.
        _ = Connection.TryWrite(Loop.Scratch.AsSpan(0, length), response.Body.Span, default);
    }

    /// <summary>Decides whether another request may follow.</summary>
    private bool EndExchange()
    {
        if (!_ended)
        {
            Connection.Abort();
            return false;
        }

        if (!RequestBody.IsComplete && !SkipReceivedBody())
        {
            _closeAfterResponse = true;
        }

        _input.Release();
        return !_closeAfterResponse && !Connection.IsClosed;
    }

    /// <summary>The rest of the body may have arrived with the head: then the connection is still in step.</summary>
    private bool SkipReceivedBody()
    {
        _ = RequestBody.Take();
        return RequestBody.IsComplete;
    }

    /// <summary>
    /// Closing while the client still sends would reset the connection and could destroy the response on its way (RFC 9112 section 9.6): say that
    /// we are done, and listen for a moment.
    /// </summary>
    private async LoopTask LingerAsync()
    {
        _phase = Phase.Closing;
        if (Connection.IsClosed || _headTimedOut)
        {
            return;
        }

        Connection.ShutdownWrite();
        Loop.SetTimer(_timer, _options.LingerMilliseconds);
        var left = LingerBytes;
        while (left > 0)
        {
            _input.Consume(_input.Available);
            var n = await _input.FillAsync(large: true);
            if (n <= 0)
            {
                return;
            }

            left -= n;
        }
    }

    private void OnTimer()
    {
        if (_phase == Phase.Exchange)
        {
            return;
        }

        try
        {
            if (_phase == Phase.Head)
            {
                _headTimedOut = true;
                Reject(RejectReason.HeadTimeout);
            }
        }
        finally
        {
            Connection.Close();
        }
    }

    private enum HeadStep
    {
        Complete,

        /// <summary>More has to come.</summary>
        Wait,

        /// <summary>The connection is at its end, one way or the other.</summary>
        End,
    }

    private sealed class WaitTimer(Http1ServerConnection connection) : LoopTimer
    {
        protected override void OnDue() => connection.OnTimer();
    }
}
