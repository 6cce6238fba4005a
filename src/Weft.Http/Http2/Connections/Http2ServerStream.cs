using Weft.Net;

namespace Weft.Http;

/// <summary>One request on a stream of its own.</summary>
internal sealed class Http2ServerStream : ServerExchange, IStreamOwner
{
    // More than the head of a response that is made here.
    private const int AnswerHeadBytes = 4 * 1024;

    private readonly Http2ServerConnection _connection;
    private readonly Action _onHandled;
    private LoopTask _handling;
    private IServerHandler? _handler;
    private bool _isNew;
    private bool _isLossTold;
    private bool _started;

    public Http2ServerStream(Http2ServerConnection connection)
    {
        _connection = connection;
        _onHandled = OnHandled;
        Core = new Http2Stream(connection, this);
    }

    public Http2Stream Core { get; }

    public override Connection Connection => _connection.Connection;

    public override RequestHead Request { get; } = new();

    public override BodySource RequestBody => Core;

    public override bool ResponseStarted => _started;

    public override bool ResponseEnded => Core.State.IsLocalEnded;

    /// <summary>A request is there; it is served when all that has come was looked at.</summary>
    public void Begin()
    {
        _isNew = true;
        _isLossTold = false;
        _started = false;
    }

    /// <summary>Serves the request.</summary>
    public void Run(IServerHandler handler)
    {
        _handler = handler;
        try
        {
            _handling = handler.HandleAsync(this);
        }
        catch (Exception e)
        {
            _handling = LoopTask.FromException(e);
        }

        var awaiter = _handling.GetAwaiter();
        if (awaiter.IsCompleted)
        {
            OnHandled();
        }
        else
        {
            awaiter.UnsafeOnCompleted(_onHandled);
        }
    }

    public override LoopTask<bool> SendInterimAsync(ResponseHead head)
    {
        if (!Core.State.CanSend || _started || !_connection.MayWriteHead())
        {
            // An interim response is a courtesy: where the client does not even read, it is left out.
            return new LoopTask<bool>(Core.State.CanSend);
        }

        HopByHop.Drop(head);
        return new LoopTask<bool>(_connection.TryWriteHead(Core, head, null, endStream: false));
    }

    public override LoopTask<bool> SendHeadAsync(
        ResponseHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        _started = true;
        HopByHop.Drop(head);
        return _connection.MayWriteHead()
            ? SendHead(head, added, first, trailers)
            : SendHeadLaterAsync(head, added, first, trailers);
    }

    public override LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers) =>
        _connection.SendAsync(Core, chunk, trailers);

    public override LoopTask<bool> RespondAsync(int status, FieldBlock fields, ReadOnlyMemory<byte> body)
    {
        _started = true;
        var response = new LocalResponse(status, fields, body);
        return _connection.MayWriteHead() ? Respond(response) : RespondLaterAsync(response);
    }

    public override void Abort() => Reset(Http2ErrorCode.InternalError);

    public override void Reset(Http2ErrorCode code)
    {
        _isLossTold = true;
        _connection.ResetStream(Core, code);
    }

    /// <summary>
    /// Sends a response without waiting for anything; its body is left out where there is no room for it. False when nothing was sent.
    /// </summary>
    public bool TryAnswer(LocalResponse response)
    {
        if (!_connection.MayWriteHead())
        {
            return false;
        }

        if (response.Body.Length > Math.Min(_connection.WindowOf(Core), _connection.Output.Room - AnswerHeadBytes))
        {
            response = response with { Body = default };
        }

        // Everything fits, so that nothing is waited for.
        var sending = Respond(response);
        return sending.IsCompleted && sending.GetAwaiter().GetResult();
    }

    void IStreamOwner.OnWake()
    {
        if (_isNew)
        {
            _isNew = false;
            if (Core.State.IsReset)
            {
                // Taken back before anybody looked at it.
                _connection.EndExchange(this);
                return;
            }

            _connection.Start(this);
        }

        if (Core.State.IsReset && !_isLossTold)
        {
            _isLossTold = true;
            LossWatcher?.OnClientLost();
        }

        Core.Wake();
    }

    private LoopTask<bool> SendHead(ResponseHead head, AddedFields added, BodyChunk first, TrailerFields? trailers)
    {
        var ends = first.IsLast && first.Data.IsEmpty && trailers is null;
        if (!Core.State.CanSend || !_connection.TryWriteHead(Core, head, added, ends))
        {
            return new LoopTask<bool>(result: false);
        }

        return ends || (first.Data.IsEmpty && !first.IsLast)
            ? new LoopTask<bool>(result: true)
            : _connection.SendAsync(Core, first, trailers);
    }

    private async LoopTask<bool> SendHeadLaterAsync(
        ResponseHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    ) => Core.State.CanSend && await _connection.WaitForRoom(Core) && await SendHead(head, added, first, trailers);

    private LoopTask<bool> Respond(LocalResponse response)
    {
        var body = Request.Method == RequestMethod.Head ? default : response.Body;
        if (!Core.State.CanSend || !_connection.TryWriteHead(Core, response, endStream: body.IsEmpty))
        {
            return new LoopTask<bool>(result: false);
        }

        return body.IsEmpty
            ? new LoopTask<bool>(result: true)
            : _connection.SendAsync(Core, new BodyChunk(body, BodyState.Last), null);
    }

    private async LoopTask<bool> RespondLaterAsync(LocalResponse response) =>
        Core.State.CanSend && await _connection.WaitForRoom(Core) && await Respond(response);

    private void OnHandled()
    {
        var handling = _handling;
        _handling = default;
        LossWatcher = null;
        _isLossTold = true;
        try
        {
            handling.GetAwaiter().GetResult();
            _handler!.OnHandled(this);
        }
        catch (Exception e)
        {
            _handler!.OnDefect(this, e);
        }

        _connection.EndExchange(this);
    }
}
