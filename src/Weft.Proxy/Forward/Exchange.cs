using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>One request on its way to one endpoint after another: sending, receiving, and the times that bound it.</summary>
internal sealed partial class Exchange
{
    // A client that goes on sending its body after the response is given this long to end it.
    private const int LingerMilliseconds = 1000;

    private readonly Forwarding _forwarding;
    private readonly LoopState _loop;
    private readonly HopFields _fields;
    private readonly AddedFields _toClient = new();
    private readonly RequestTimer _deadlineTimer;
    private readonly RequestTimer _attemptTimer;
    private readonly RequestTimer _idleTimer;
    private ClientExchange? _client;
    private readonly RequestPump _pump;
    private BodyChunk _first;
    private string? _connectFailure;
    private long _deadlineMilliseconds;
    private long _headNanoseconds;
    private int _idleMilliseconds;
    private TimeoutKind _timeout;
    private bool _clientLost;
    private RejectReason _rejection;

    public Exchange(Forwarding forwarding, LoopState loop)
    {
        _forwarding = forwarding;
        _loop = loop;
        _fields = new HopFields(loop.Direction);
        _pump = new RequestPump(this);
        _deadlineTimer = new RequestTimer(this, TimeoutKind.Deadline);
        _attemptTimer = new RequestTimer(this, TimeoutKind.Attempt);
        _idleTimer = new RequestTimer(this, TimeoutKind.Idle);
    }

    /// <summary>The time that the caller gave, in milliseconds; null when it gave none.</summary>
    public long? CallerTimeoutMilliseconds { get; set; }

    /// <summary>What is said of the client when nobody has said it yet.</summary>
    public FieldBlock? Forwarded
    {
        get => _fields.Forwarded;
        set => _fields.Forwarded = value;
    }

    /// <summary>The status that the client was sent.</summary>
    public int Status { get; private set; }

    /// <summary>Nothing more may be tried: the time is up or nobody waits.</summary>
    public bool IsOver => IsAbandoned || IsTimeUp;

    /// <summary>Nobody waits for the response any more.</summary>
    public bool IsAbandoned => _clientLost;

    /// <summary>What is left of the request's time, in milliseconds; very much when it has no bound.</summary>
    public long MillisecondsLeft => _deadlineMilliseconds - Loop.NowMilliseconds;

    public ServerExchange Server => _forwarding.Server;

    /// <summary>The request's time is up, which its timer may be about to say in this very turn.</summary>
    private bool IsTimeUp => MillisecondsLeft <= 0;

    public EventLoop Loop => _loop.Loop;

    public void Begin()
    {
        Status = 0;
        CallerTimeoutMilliseconds = null;
        IsTunnelOpen = false;
        _timeout = TimeoutKind.None;
        _clientLost = false;
        _pump.Begin();
        _first = BodyChunk.None;
        _deadlineMilliseconds = long.MaxValue;
    }

    /// <summary>From now on the request ends at the earlier of its policy's time and its caller's.</summary>
    public void StartDeadline(TimeSpan? policy)
    {
        var limit = CallerTimeoutMilliseconds ?? long.MaxValue;
        if (policy is { } stated)
        {
            limit = Math.Min(limit, (long)stated.TotalMilliseconds);
        }

        if (limit != long.MaxValue)
        {
            _deadlineMilliseconds = Loop.NowMilliseconds + limit;
            Loop.SetTimer(_deadlineTimer, limit);
        }
    }

    public void End() => TimerWheel.Clear(_deadlineTimer);

    public void OnClientLost()
    {
        _clientLost = true;
        _client?.Abort();
    }

    /// <summary>How long the endpoint took to answer, as far as it says something about the endpoint.</summary>
    public long LatencyFrom(long started, long ended) => (_headNanoseconds > 0 ? _headNanoseconds : ended) - started;

    /// <summary>Bytes are about to move, or have moved.</summary>
    public void Touch() => Loop.SetTimer(_idleTimer, _idleMilliseconds);

    /// <summary>A piece of the request's body has left.</summary>
    public void OnMoved(ClientExchange client)
    {
        Touch();
        CountBytes(client);
    }

    /// <summary>Sends the request to an endpoint and its response to the client.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    public async ValueTask<AttemptResult> AttemptAsync(
        LogicalName name,
        ConcreteName concrete,
        UpstreamEndpoint endpoint,
        int attempt,
        bool freshOnly
    )
    {
        _headNanoseconds = 0;
        _idleMilliseconds = (int)concrete.Spec.Timeouts.Idle.TotalMilliseconds;
        var isConnect = Server.Request.Method == RequestMethod.Connect;
        ClientExchange? client = freshOnly || isConnect ? null : endpoint.TakeIdle();
        if (client is null)
        {
            if (!endpoint.MakeRoom())
            {
                return AttemptResult.PoolFull;
            }

            (client, _connectFailure) = await endpoint.ConnectAsync(isConnect, _deadlineMilliseconds);
            if (client is null)
            {
                return _clientLost ? AttemptResult.ClientGone
                    : IsTimeUp ? AttemptResult.TimedOut
                    : AttemptResult.ConnectFailed;
            }
        }

        _client = client;
        if (IsOver)
        {
            client.Abort(); // It happened while we connected: nobody was there to be told.
        }

        if (concrete.Spec.Timeouts.Attempt is { } limit)
        {
            Loop.SetTimer(_attemptTimer, (long)limit.TotalMilliseconds);
        }

        Touch();
        var result = await ExchangeAsync(name, concrete, client, attempt);
        TimerWheel.Clear(_attemptTimer);
        TimerWheel.Clear(_idleTimer);
        _client = null;
        if (_pump.IsRunning)
        {
            await _pump.StopAsync(client, result);
        }

        _loop.Connections.CountUpstream(client);
        endpoint.Return(client, result == AttemptResult.Delivered && client.EndExchange());
        return result;
    }

    /// <summary>After the response: what the client still sends of its body is read away, for a moment.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder))]
    public async ValueTask JoinAsync()
    {
        if (_pump.IsRunning)
        {
            Loop.SetTimer(_idleTimer, LingerMilliseconds);
            _timeout = TimeoutKind.Linger;
            await _pump.JoinAsync();
            TimerWheel.Clear(_idleTimer);
        }

        _loop.Connections.CountDownstream(Server.Connection);
    }

    /// <summary>The contract's reason for a failed attempt.</summary>
    public ErrorReason ReasonOf(AttemptResult result) =>
        result switch
        {
            AttemptResult.ConnectFailed => ErrorReason.ConnectFailed,
            AttemptResult.PoolFull => ErrorReason.Overloaded,
            AttemptResult.UpstreamMalformed or AttemptResult.NotSwitched => ErrorReason.UpstreamProtocol,
            AttemptResult.ClientMalformed => ErrorReason.BadRequest,
            AttemptResult.TimedOut => IsTimeUp ? ErrorReason.Deadline
            : _timeout == TimeoutKind.Idle && _pump.IsRunning ? ErrorReason.ClientTimeout
            : ErrorReason.AttemptTimeout,
            _ => ErrorReason.UpstreamReset,
        };

    /// <summary>What the client is told of a failed attempt.</summary>
    public ProxyError Explain(AttemptResult result, ConcreteName concrete, UpstreamEndpoint endpoint)
    {
        var reason = ReasonOf(result);
        var at = $"{endpoint.AddressText} of {concrete.Label}";
        return new ProxyError(
            reason,
            reason switch
            {
                ErrorReason.ConnectFailed => $"connecting to {at}: {_connectFailure}",
                ErrorReason.Overloaded => $"all {concrete.Spec.Pool.MaxConnections} connections to {at} are in use",
                ErrorReason.UpstreamProtocol when result == AttemptResult.NotSwitched =>
                    $"{at} does not switch to the protocol that the request asks for",
                ErrorReason.UpstreamProtocol => $"{at} sent no valid HTTP/1.1 response ({_rejection})",
                ErrorReason.BadRequest => $"the request's body breaks its framing ({Server.RequestBody.Reason})",
                ErrorReason.Deadline => $"the request's time ran out while {at} was working on it",
                ErrorReason.AttemptTimeout => $"{at} did not answer in time",
                ErrorReason.ClientTimeout => "the request's body stopped coming",
                _ => $"{at} closed the connection before it had answered",
            }
        );
    }

    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    private async ValueTask<AttemptResult> ExchangeAsync(
        LogicalName name,
        ConcreteName concrete,
        ClientExchange client,
        int attempt
    )
    {
        var request = Server.Request;
        TakeFirstPiece(request);
        long? left = _deadlineMilliseconds == long.MaxValue ? null : MillisecondsLeft;
        _fields.Build(name, concrete, attempt, left);
        var sent = await client.SendHeadAsync(request, _fields.Added, _first, Server.RequestBody.Trailers);
        if (sent && !_first.IsLast && !request.IsTunnel)
        {
            _pump.Start(client);
        }

        // Even when sending broke: the endpoint may have answered before it closed (413 and the like).
        while (true)
        {
            var outcome = await client.ReadHeadAsync(request.Method);
            if (outcome != ResponseOutcome.Head)
            {
                return Diagnose(outcome, client);
            }

            if (!client.Response.IsInterim)
            {
                break;
            }

            if (client.Response.Status != 100 || request.ExpectContinue)
            {
                await Server.SendInterimAsync(client.Response);
            }
        }

        _headNanoseconds = Loop.NowNanoseconds;
        TimerWheel.Clear(_attemptTimer);
        if (client.Response.SwitchesProtocol)
        {
            return await RunTunnelAsync(client);
        }

        Status = client.Response.Status;
        return await DeliverAsync(client);
    }

    /// <summary>What has come of the body with the head goes with the head; a client that waits for leave to send has sent nothing.</summary>
    private void TakeFirstPiece(RequestHead request)
    {
        // A further attempt sends what the first one sent: it was only allowed because that is the whole body.
        if (_first.State == BodyState.More && _first.Data.IsEmpty)
        {
            _first = request.ExpectContinue || request.IsTunnel ? BodyChunk.None : Server.RequestBody.Take();
            _pump.State = _first.State;
        }
    }

    /// <summary>Passes the response on, piece by piece.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    private async ValueTask<AttemptResult> DeliverAsync(ClientExchange client)
    {
        _toClient.Clear();
        _toClient.Add(ContextFields.Via);
        var chunk = client.ResponseBody.Take();
        if (chunk.IsFailed)
        {
            _rejection = client.ResponseBody.Reason;
            return AttemptResult.UpstreamMalformed;
        }

        var sound = await Server.SendHeadAsync(client.Response, _toClient, chunk, client.ResponseBody.Trailers);
        while (sound && !chunk.IsLast)
        {
            Touch();
            chunk = await client.ResponseBody.ReadAsync();
            if (chunk.IsFailed)
            {
                return _clientLost ? AttemptResult.ClientGone : AttemptResult.BrokenOff;
            }

            Touch();
            sound = await Server.SendBodyAsync(chunk, client.ResponseBody.Trailers);
            CountBytes(client);
        }

        // A client that does not read until the idle time is over has gone away as well.
        return sound ? AttemptResult.Delivered
            : IsTimeUp ? AttemptResult.BrokenOff
            : AttemptResult.ClientGone;
    }

    private AttemptResult Diagnose(ResponseOutcome outcome, ClientExchange client)
    {
        if (_pump.State == BodyState.Malformed)
        {
            return AttemptResult.ClientMalformed;
        }

        if (_clientLost || _pump.State == BodyState.Broken)
        {
            return AttemptResult.ClientGone;
        }

        if (_timeout != TimeoutKind.None || IsTimeUp)
        {
            return AttemptResult.TimedOut;
        }

        if (outcome is ResponseOutcome.Malformed or ResponseOutcome.NotOffered)
        {
            _rejection = client.Reason;
            return _rejection is RejectReason.ProtocolNotOffered or RejectReason.ProtocolNotSwitched
                ? AttemptResult.NotSwitched
                : AttemptResult.UpstreamMalformed;
        }

        var replayable =
            (_first.IsLast || Server.Request.IsTunnel) && RequestMethods.IsIdempotent(Server.Request.Method);
        return outcome == ResponseOutcome.ClosedUnanswered && client.IsReused && replayable
            ? AttemptResult.StaleConnection
            : AttemptResult.UpstreamReset;
    }

    private void CountBytes(ClientExchange client)
    {
        _loop.Connections.CountUpstream(client);
        _loop.Connections.CountDownstream(Server.Connection);
    }

    private void OnTimer(TimeoutKind kind)
    {
        if (_timeout == TimeoutKind.Linger)
        {
            Server.Connection.Close();
            return;
        }

        _timeout = kind;
        _client?.Abort();
        if (Server.ResponseStarted)
        {
            Server.Abort();
        }
    }

    private sealed class RequestTimer(Exchange exchange, TimeoutKind kind) : LoopTimer
    {
        protected override void OnDue() => exchange.OnTimer(kind);
    }
}
