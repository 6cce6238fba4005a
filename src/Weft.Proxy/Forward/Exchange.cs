using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Net;
using Weft.Resources;

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
    private bool _awaitsEndpoint;
    private RejectReason _rejection;
    private GrpcStatus? _grpcStatus;
    private Http2EndReason _carrierEnd;
    private Http2ErrorCode? _accusation;

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

    /// <summary>The request is a gRPC call.</summary>
    public bool IsGrpc { get; private set; }

    /// <summary>The status of the gRPC call that the response has brought; null for other requests, and where HTTP's status says it.</summary>
    public GrpcStatus? GrpcStatus => IsGrpc && Status == 200 ? _grpcStatus ?? Proxy.GrpcStatus.Unknown : null;

    /// <summary>The status by which the response is judged: of a gRPC call, HTTP's word for its own status.</summary>
    public int JudgedStatus => GrpcStatus?.HttpEquivalent() ?? Status;

    /// <summary>What the endpoint reset the request's stream with, so that the caller's stream can end alike; null when it did not.</summary>
    public Http2ErrorCode? ResetCode { get; private set; }

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
        IsGrpc = GrpcMessages.IsCall(Server.Request);
        ResetCode = null;
        CallerTimeoutMilliseconds = null;
        IsTunnelOpen = false;
        _timeout = TimeoutKind.None;
        _clientLost = false;
        _awaitsEndpoint = false;
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
        bool freshOnly,
        bool mayWait
    )
    {
        _headNanoseconds = 0;
        _grpcStatus = null;
        (_carrierEnd, _accusation) = (Http2EndReason.None, null);
        _idleMilliseconds = (int)concrete.Spec.Timeouts.Idle.TotalMilliseconds;
        var protocol = ProtocolFor(endpoint);
        var client = freshOnly ? null : endpoint.TryTake(protocol);
        if (client is null)
        {
            var acquired = await endpoint.AcquireAsync(
                protocol,
                freshOnly,
                mayWait,
                Server.Connection,
                _deadlineMilliseconds
            );
            client = acquired.Exchange;
            if (client is null)
            {
                _connectFailure = acquired.Message;
                return _clientLost ? AttemptResult.ClientGone
                    : IsTimeUp || acquired.Failure == AcquireFailure.OutOfTime ? AttemptResult.TimedOut
                    : acquired.Failure == AcquireFailure.Full ? AttemptResult.PoolFull
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

        ResetCode = client.ResetCode;
        var carrier = (client as Http2ClientStream)?.Carrier;
        (_carrierEnd, _accusation) = (carrier?.EndReason ?? Http2EndReason.None, carrier?.Accusation);
        _loop.Connections.CountUpstream(client);
        endpoint.Return(client, result == AttemptResult.Delivered && client.EndExchange());
        return result;
    }

    /// <summary>Ends the response unfinished; where the endpoint gave a reason that concerns more than its own hop, with that.</summary>
    public void AbortServer(ClientExchange? client = null) =>
        Server.Reset(StreamEnds.PassedOn(client is null ? ResetCode : client.ResetCode));

    /// <summary>After the response: what the client still sends of its body is read away, for a moment.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder))]
    public async ValueTask JoinAsync()
    {
        if (_pump.IsRunning)
        {
            if (Server.CanReset)
            {
                Server.Reset(Http2ErrorCode.NoError); // The rest of the body need not come any more (RFC 9113 section 8.1).
            }

            Loop.SetTimer(_idleTimer, LingerMilliseconds);
            _timeout = TimeoutKind.Linger;
            await _pump.JoinAsync();
            TimerWheel.Clear(_idleTimer);
        }

        _loop.Connections.CountDownstream(Server);
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
        _fields.Build(request, IsGrpc, name, concrete, attempt, left);
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
        _grpcStatus = IsGrpc ? GrpcMessages.StatusOf(client.Response) : null;
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
        _toClient.Add(ContextFields.ViaOf(client.Response.Version));
        var chunk = client.ResponseBody.Take();
        if (chunk.IsFailed)
        {
            // Nothing has reached the client: there is still a choice.
            _rejection = client.ResponseBody.Reason;
            return _clientLost ? AttemptResult.ClientGone
                : chunk.State == BodyState.Malformed ? AttemptResult.UpstreamMalformed
                : _timeout != TimeoutKind.None ? AttemptResult.TimedOut
                : AttemptResult.UpstreamReset;
        }

        var sound = await Server.SendHeadAsync(client.Response, _toClient, chunk, client.ResponseBody.Trailers);
        while (sound && !chunk.IsLast)
        {
            Touch();
            _awaitsEndpoint = true;
            chunk = await client.ResponseBody.ReadAsync();
            _awaitsEndpoint = false;
            if (chunk.IsFailed)
            {
                return _clientLost ? AttemptResult.ClientGone : AttemptResult.BrokenOff;
            }

            Touch();
            sound = await Server.SendBodyAsync(chunk, client.ResponseBody.Trailers);
            CountBytes(client);
        }

        if (IsGrpc)
        {
            _grpcStatus ??= GrpcMessages.StatusOf(client.ResponseBody.Trailers);
        }

        // A client that does not read until the idle time is over has gone away as well.
        return sound ? AttemptResult.Delivered
            : IsTimeUp ? AttemptResult.BrokenOff
            : AttemptResult.ClientGone;
    }

    private void CountBytes(ClientExchange client)
    {
        _loop.Connections.CountUpstream(client);
        _loop.Connections.CountDownstream(Server);
    }

    /// <summary>What is spoken to an endpoint: what it is known to speak, otherwise what the caller does; after a CONNECT, neither.</summary>
    private WireProtocol ProtocolFor(UpstreamEndpoint endpoint) =>
        Server.Request.Method == RequestMethod.Connect ? WireProtocol.Tcp
        : endpoint.Protocol == EndpointProtocol.Http1 ? WireProtocol.Http1
        : endpoint.Protocol == EndpointProtocol.Http2 || Server.Request.Version == ProtocolVersion.Http2
            ? WireProtocol.Http2
        : WireProtocol.Http1;

    private void OnTimer(TimeoutKind kind)
    {
        if (_timeout == TimeoutKind.Linger)
        {
            if (!Server.CanReset)
            {
                Server.Connection.Close();
            }

            return;
        }

        _timeout = kind;
        var canEndCall = CanEndCall; // Which the next line may change.
        _client?.Abort();
        if (Server.ResponseStarted && !canEndCall)
        {
            Server.Abort();
        }
    }

    private sealed class RequestTimer(Exchange exchange, TimeoutKind kind) : LoopTimer
    {
        protected override void OnDue() => exchange.OnTimer(kind);
    }
}
