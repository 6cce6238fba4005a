using Weft.Http;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One request on its way to one endpoint after another: sending, receiving, and the times that bound it.</summary>
internal sealed partial class Exchange
{
    // A client that goes on sending its body after the response is given this long to end it.
    private const int LingerMilliseconds = 1000;

    private readonly Forwarding _forwarding;
    private readonly LoopState _loop;
    private readonly IResponseJudge _judge;
    private readonly PauseTimer _pause;
    private readonly HopFields _fields;
    private readonly AddedFields _toClient = new();
    private readonly RequestTimer _deadlineTimer;
    private readonly RequestTimer _attemptTimer;
    private readonly RequestTimer _idleTimer;
    private ClientExchange? _client;
    private readonly RequestPump _pump;
    private BodyChunk _first;
    private AttemptResult _unconnected;
    private string? _connectFailure;
    private long _deadlineMilliseconds;
    private long _headNanoseconds;

    // The turn of the loop in which the attempt began.
    private long _turnNanoseconds;
    private int _idleMilliseconds;
    private TimeoutKind _timeout;
    private bool _clientLost;
    private bool _awaitsEndpoint;
    private RejectReason _rejection;
    private GrpcStatus? _grpcStatus;
    private Http2EndReason _carrierEnd;
    private Http2ErrorCode? _accusation;

    public Exchange(Forwarding forwarding, LoopState loop, IResponseJudge judge)
    {
        _forwarding = forwarding;
        _loop = loop;
        _judge = judge;
        _pause = new PauseTimer(this);
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

    /// <summary>The request is a gRPC call.</summary>
    public bool IsGrpc { get; private set; }

    /// <summary>The status of the gRPC call that the response has brought; null for other requests, and where HTTP's status says it.</summary>
    public GrpcStatus? GrpcStatus => IsGrpc && Status == 200 ? _grpcStatus ?? Proxy.GrpcStatus.Unknown : null;

    /// <summary>The status by which the response is judged: of a gRPC call, HTTP's word for its own status.</summary>
    public int JudgedStatus => GrpcStatus?.HttpEquivalent() ?? Status;

    /// <summary>What the endpoint reset the request's stream with, so that the caller's stream can end alike; null when it did not.</summary>
    public Http2ErrorCode? ResetCode { get; private set; }

    /// <summary>The status under which a request counts that nobody waits for: a tunnel was open before, and most end so.</summary>
    public int StatusOfAbandoned => IsTunnelOpen ? Status : Forwarding.StatusClientGone;

    /// <summary>Nothing more may be tried: the time is up or nobody waits.</summary>
    public bool IsOver => IsAbandoned || IsTimeUp;

    /// <summary>Nobody waits for the response any more.</summary>
    public bool IsAbandoned => _clientLost;

    /// <summary>All that has come of the body is at hand, and what is to come will be.</summary>
    public bool IsReplayable => !_pump.HasStarted || _pump.CanReplay;

    /// <summary>This hop has tried again and given up: who called it is told not to multiply that.</summary>
    public bool HasGivenUp { get; set; }

    /// <summary>What is left of the request's time, in milliseconds; very much when it has no bound.</summary>
    public long MillisecondsLeft => _deadlineMilliseconds - Loop.NowMilliseconds;

    public ServerExchange Server => _forwarding.Server;

    /// <summary>What one attempt may take; null when only the request's time bounds it.</summary>
    public TimeSpan? AttemptTimeout => Route.Policy.Timeouts.Attempt;

    private ref readonly Route Route => ref _forwarding.Route;

    /// <summary>The request's time is up, which its timer may be about to say in this very turn.</summary>
    private bool IsTimeUp => MillisecondsLeft <= 0;

    public EventLoop Loop => _loop.Loop;

    public void Begin()
    {
        Status = 0;
        IsGrpc = GrpcMessages.IsCall(Server.Request);
        ResetCode = null;
        CallerTimeoutMilliseconds = null;
        IsTunnelOpen = false;
        HasGivenUp = false;
        _timeout = TimeoutKind.None;
        _clientLost = false;
        _awaitsEndpoint = false;
        _pump.Begin();
        _first = BodyChunk.None;
        _keptBytes = 0;
        _deadlineMilliseconds = long.MaxValue;
    }

    public void End() => TimerWheel.Clear(_deadlineTimer);

    public void OnClientLost()
    {
        _clientLost = true;
        Interrupt();
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

    /// <summary>
    /// Sends the request to an endpoint and its response to the client. All that the usual attempt waits for is its response's head; what others wait for is in methods of
    /// their own, so that little is kept while it waits.
    /// </summary>
    public async LoopTask<AttemptResult> AttemptAsync(
        UpstreamEndpoint endpoint,
        ConcreteName concrete,
        int attempt,
        bool freshOnly,
        bool mayWait
    )
    {
        BeginAttempt();
        var client = freshOnly ? null : endpoint.TryTake(endpoint.ProtocolFor(Server.Request));
        client ??= await ConnectAsync(endpoint, freshOnly, mayWait);
        if (client is null)
        {
            return _unconnected;
        }

        _client = client;
        if (IsOver)
        {
            client.Abort(); // It happened while we connected: nobody was there to be told.
        }

        _ = await SendAsync(client, concrete, attempt);
        // Even when sending broke: the endpoint may have answered before it closed (413 and the like).
        ResponseOutcome? outcome;
        while ((outcome = client.TryReadHead(Server.Request.Method)) is null || IsInterim(client, outcome))
        {
            _ = await (outcome is null ? client.WaitForHeadAsync() : PassInterimAsync(client));
        }

        var result = outcome == ResponseOutcome.Head ? await AnswerAsync(client) : Diagnose(outcome.Value, client);
        TimerWheel.Clear(_attemptTimer);
        TimerWheel.Clear(_idleTimer);
        _client = null;
        if (_pump.IsRunning)
        {
            await _pump.StopAsync(client, result);
        }

        EndAttempt(endpoint, client, result);
        return result;
    }

    /// <summary>A connection for an attempt that found none idle; null, and the reason in <see cref="_unconnected"/>, when there is none to be had.</summary>
    private async LoopTask<ClientExchange?> ConnectAsync(UpstreamEndpoint endpoint, bool freshOnly, bool mayWait)
    {
        var protocol = endpoint.ProtocolFor(Server.Request);
        var acquired = await AcquireAsync(endpoint, protocol, freshOnly, mayWait);
        if (acquired.Exchange is null)
        {
            _connectFailure = acquired.Message;
            _unconnected = ResultOf(acquired);
        }

        return acquired.Exchange;
    }

    /// <summary>Sends the request's head with what has come of its body.</summary>
    private LoopTask<bool> SendAsync(ClientExchange client, ConcreteName concrete, int attempt)
    {
        if (AttemptTimeout is { } limit)
        {
            Loop.SetTimer(_attemptTimer, (long)limit.TotalMilliseconds);
        }

        Touch();
        var request = Server.Request;
        var first = FirstPiece(request);
        _fields.Build(request, IsGrpc, Route, concrete, attempt, StatedTime);
        var sending = client.SendHeadAsync(request, _fields.Added, first, Server.RequestBody.Trailers);
        return first.IsLast || request.IsTunnel ? sending : PassBodyAsync(sending, client, first);
    }

    /// <summary>What comes of the request's body after its head goes to this endpoint.</summary>
    private async LoopTask<bool> PassBodyAsync(LoopTask<bool> sending, ClientExchange client, BodyChunk first)
    {
        if (!await sending)
        {
            return false;
        }

        if (_pump.HasStarted)
        {
            _pump.Attach(client, first.Data.Length);
        }
        else
        {
            _pump.Start(client, first, Math.Max(Route.Policy.ReplayBytes, _keptBytes));
        }

        return true;
    }

    private LoopTask<bool> PassInterimAsync(ClientExchange client) =>
        client.Response.Status != 100 || Server.Request.ExpectContinue
            ? Server.SendInterimAsync(client.Response)
            : new LoopTask<bool>(result: true);

    /// <summary>Why an attempt has no connection.</summary>
    public AttemptResult ResultOf(in Acquired acquired) =>
        _clientLost ? AttemptResult.ClientGone
        : IsTimeUp || acquired.Failure == AcquireFailure.OutOfTime ? AttemptResult.TimedOut
        : acquired.Failure == AcquireFailure.Full ? AttemptResult.PoolFull
        : AttemptResult.ConnectFailed;

    private void BeginAttempt()
    {
        _headNanoseconds = 0;
        _turnNanoseconds = Loop.TurnNanoseconds;
        _timeout = TimeoutKind.None;
        _grpcStatus = null;
        (_carrierEnd, _accusation) = (Http2EndReason.None, null);
        _idleMilliseconds = (int)Route.Policy.Timeouts.Idle.TotalMilliseconds;
    }

    private void EndAttempt(UpstreamEndpoint endpoint, ClientExchange client, AttemptResult result)
    {
        ResetCode = client.ResetCode;
        var carrier = (client as Http2ClientStream)?.Carrier;
        (_carrierEnd, _accusation) = (carrier?.EndReason ?? Http2EndReason.None, carrier?.Accusation);
        _loop.Connections.CountUpstream(client);
        var isWhole = result == AttemptResult.Delivered || (result == AttemptResult.Unwanted && IsReadAway(client));
        endpoint.Return(client, isWhole && client.EndExchange());
    }

    private static bool IsInterim(ClientExchange client, ResponseOutcome? outcome) =>
        outcome == ResponseOutcome.Head && client.Response.IsInterim;

    /// <summary>What has come of the body with the head goes with the head; a client that waits for leave to send has sent nothing.</summary>
    private BodyChunk FirstPiece(RequestHead request)
    {
        if (_pump.HasStarted)
        {
            return _pump.Replayed();
        }

        // Until more is read, a further attempt sends what the first one sent.
        if (_first.State == BodyState.More && _first.Data.IsEmpty)
        {
            _first = request.ExpectContinue || request.IsTunnel ? BodyChunk.None : Server.RequestBody.Take();
            _pump.State = _first.State;
        }

        return _first;
    }

    private void CountBytes(ClientExchange client)
    {
        _loop.Connections.CountUpstream(client);
        _loop.Connections.CountDownstream(Server);
    }
}
