using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The way of a request, from one server connection to an endpoint and back. One per server connection, used for one request after the other.
/// <code>
/// 1 context   drop what this peer may not say; read its time limit         ContextFields
/// 2 identify  request to logical name; its policy and destination          ListenerLoop, LogicalName
/// 3 bind      wait while the name is not resolved yet                      LoopState
/// 4 balance   logical name to concrete name to endpoint                    Destination, ConcreteName
/// 5 dispatch  attempts until one is answered; at most one more than needed Exchange
/// 6 record    what the caller saw                                          RouteSlots
/// </code>
/// </summary>
internal sealed class Forwarding : IClientLossWatcher
{
    /// <summary>Attempts of one request: the first, and those that are always safe because the one before was certainly not served.</summary>
    public const int MaxAttempts = 3;

    // A name that is still not resolved after this long, or whose endpoints are not known, is answered with 503.
    private const long BindingMilliseconds = 10_000;

    private readonly ListenerLoop _listener;
    private readonly LoopState _loop;
    private readonly Exchange _exchange;
    private readonly EndpointLoad[] _tried = new EndpointLoad[MaxAttempts];
    private ListenerConfig? _config;
    private bool _trusted;
    private FieldBlock? _forwarded;
    private byte[] _forwardedAuthority = [];

    public Forwarding(ListenerLoop listener, ServerExchange server)
    {
        _listener = listener;
        _loop = listener.Loop;
        Server = server;
        _exchange = new Exchange(this, _loop);
    }

    public ServerExchange Server { get; }

    /// <summary>Serves the request that the server connection holds.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder))]
    public async ValueTask ServeAsync()
    {
        var started = _loop.Loop.NowNanoseconds;
        Server.LossWatcher = this;
        _exchange.Begin();

        // 1 and 2
        if (!Admit(out var error) || !_listener.TryName(Server.Request, out var name, out error))
        {
            await FailAsync(_loop.UnboundSlots, error, started);
            return;
        }

        // 3
        _exchange.StartDeadline(name.Spec.Timeouts.Request);
        if (name.Destination is Destination.Nowhere { IsPending: true })
        {
            await BindAsync(name);
        }

        var slots = name.Slots;
        _loop.Shard.Add(slots.InFlight, 1);

        // 4 and 5
        var (result, failure) = await AttemptAllAsync(name, started);
        _exchange.End();

        // 6
        _loop.Shard.Add(slots.InFlight, -1);
        if (failure is { } reported)
        {
            await FailAsync(slots, reported, started, name);
            await _exchange.JoinAsync();
            return;
        }

        var brokenOff = result == AttemptResult.BrokenOff ? _exchange.ExplainBrokenOff() : null;
        var isGone = result == AttemptResult.ClientGone && !_exchange.IsTunnelOpen;
        var failed =
            result == AttemptResult.BrokenOff
            || ListenerLoop.IsFailure(name.Spec, isGone ? StatusClientGone : _exchange.JudgedStatus);
        slots.Record(
            _loop.Shard,
            isGone ? StatusClientGone : _exchange.Status,
            isGone ? null : _exchange.GrpcStatus,
            failed,
            _loop.Loop.NowNanoseconds - started
        );
        if (brokenOff is { } call)
        {
            _loop.OnError(call, slots, _listener, name.Text, Server);
        }

        var isEnded =
            result == AttemptResult.Delivered
            || (brokenOff is { } end && await Server.SendBodyAsync(BodyChunk.End, GrpcMessages.End(end)));
        if (!isEnded)
        {
            _exchange.AbortServer();
        }

        await _exchange.JoinAsync();
    }

    /// <summary>3: waits until the name is resolved, for a bounded time.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder))]
    private async ValueTask BindAsync(LogicalName name)
    {
        var until = WaitsUntil();
        while (name.Destination is Destination.Nowhere { IsPending: true } && !_exchange.IsOver)
        {
            if (!await _listener.WaitForChangeAsync(name, until))
            {
                break;
            }
        }
    }

    /// <summary>When a request that waits to be resolved gives up: in the loop's milliseconds.</summary>
    private long WaitsUntil() => _loop.Loop.NowMilliseconds + Math.Min(BindingMilliseconds, _exchange.MillisecondsLeft);

    /// <summary>What is recorded for a caller that went away before the answer; nginx made the number known.</summary>
    private const int StatusClientGone = 499;

    /// <summary>A tunnel that the client breaks off was open before, and most end so.</summary>
    private int StatusOfAbandoned => _exchange.IsTunnelOpen ? _exchange.Status : StatusClientGone;

    /// <summary>The request that is under way, if there is one, has nobody left to be answered to.</summary>
    public void Abandon() => _exchange.OnClientLost();

    void IClientLossWatcher.OnClientLost() => Abandon();

    /// <summary>1: what the peer may not say is dropped, what it may is read, and what this hop says is put in its place.</summary>
    private bool Admit(out ProxyError error)
    {
        var request = Server.Request;
        error = default;
        if (request.Method == RequestMethod.Connect && _loop.Direction == Direction.Inbound)
        {
            error = new ProxyError(
                ErrorReason.BadRequest,
                "CONNECT opens a tunnel by name, and an inbound listener leads to one application alone"
            );
            return false;
        }

        if (request.Find(KnownHeader.Via) >= 0 && ContextFields.HopsOf(request) >= ContextFields.MaxHops)
        {
            error = new ProxyError(
                ErrorReason.Loop,
                $"the request has passed {ContextFields.MaxHops} proxies of the mesh: a dtab leads it in a circle"
            );
            return false;
        }

        if (!ContextFields.TryReadTimeout(request, out var timeout))
        {
            error = new ProxyError(ErrorReason.BadRequest, "weft-timeout is no duration such as 250ms, 2s or 1m");
            return false;
        }

        if (_exchange.IsGrpc && !ContextFields.TryReadGrpcTimeout(request, ref timeout))
        {
            error = new ProxyError(ErrorReason.BadRequest, "grpc-timeout is no timeout such as 250m or 2S");
            return false;
        }

        HopByHop.Drop(request);
        var clientKnown = ContextFields.Drop(request, IsTrusted());
        _exchange.CallerTimeoutMilliseconds = timeout;
        _exchange.Forwarded = clientKnown ? null : ForwardedFields(request);
        return true;
    }

    /// <summary>The listener's settings may have changed since the last request of the connection.</summary>
    private bool IsTrusted()
    {
        if (!ReferenceEquals(_config, _listener.Config))
        {
            _config = _listener.Config;
            _trusted = ContextFields.IsTrusted(_config, Server.Connection.RemoteEndPoint.Address);
        }

        return _trusted;
    }

    /// <summary>Connections carry many requests to one host: what is said of the client is the same for all of them.</summary>
    private FieldBlock ForwardedFields(RequestHead request)
    {
        if (_forwarded is null || !request.Authority.SequenceEqual(_forwardedAuthority))
        {
            _forwardedAuthority = request.Authority.ToArray();
            _forwarded = ContextFields.ForwardedOf(Server.Connection.RemoteEndPoint.Address, request.Authority);
        }

        return _forwarded;
    }

    /// <summary>4 and 5: picks and calls endpoints until one has answered or there is nothing more that would be safe to try.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    private async ValueTask<(AttemptResult Result, ProxyError? Failure)> AttemptAllAsync(LogicalName name, long started)
    {
        var attempt = 0;
        var tried = 0;
        var freshOnly = false;
        var anyLast = false;
        var full = 0;
        long waitUntil = 0;
        ProxyError? last = null;
        while (true)
        {
            if (_exchange.IsOver)
            {
                return Over(name, last);
            }

            var chosen = name.Destination.Choose(_loop.Random);
            if (chosen is not Destination.Leaf leaf)
            {
                return (AttemptResult.ConnectFailed, ((Destination.Nowhere)chosen).Error);
            }

            var concrete = leaf.Name;
            concrete.Refresh(_loop.World);
            var now = attempt == 0 ? started : _loop.Loop.NowNanoseconds;
            var endpoint = concrete.Start(now, _tried.AsSpan(0, tried));
            var mayWait = full == MaxAttempts - 1;
            if (endpoint is null && anyLast)
            {
                // It was the connection's fault, not the endpoint's, or all were busy: there is no other.
                endpoint = concrete.Start(now, default);
                mayWait |= full > 0;
            }

            if (endpoint is null)
            {
                if (last is null && concrete.Known is EndpointSet.Pending)
                {
                    waitUntil = waitUntil == 0 ? WaitsUntil() : waitUntil;
                    if (await _listener.WaitForChangeAsync(name, waitUntil) || _exchange.IsOver)
                    {
                        continue;
                    }
                }

                return (AttemptResult.ConnectFailed, last ?? NoEndpoints(concrete));
            }

            var result = await _exchange.AttemptAsync(name, concrete, endpoint, attempt, freshOnly, mayWait);
            var ended = _loop.Loop.NowNanoseconds;
            concrete.Finish(endpoint, ended, _exchange.LatencyFrom(now, ended), OutcomeOf(name, result));
            leaf.Slots.Record(
                _loop.Shard,
                StatusOf(result),
                result is AttemptResult.Delivered ? _exchange.GrpcStatus : null,
                IsFailed(name, result),
                attempt > 0,
                ended - now
            );
            if (result <= AttemptResult.ClientGone)
            {
                _tried.AsSpan(0, tried).Clear();
                return (result, null);
            }

            last = _exchange.Explain(result, concrete, endpoint);
            attempt++;
            full += result == AttemptResult.PoolFull ? 1 : 0;
            var again =
                attempt < MaxAttempts
                && !_exchange.IsOver
                && !mayWait
                && (IsUnseen(result) || (result == AttemptResult.StaleConnection && !freshOnly));
            if (!again)
            {
                _tried.AsSpan(0, tried).Clear();
                return (result, last);
            }

            // Others first, also after a stale connection: that may have been the first sign of an endpoint that is going away.
            _tried[tried++] = endpoint.Load;
            anyLast = result is AttemptResult.StaleConnection or AttemptResult.Refused or AttemptResult.PoolFull;
            freshOnly |= result == AttemptResult.StaleConnection;
        }
    }

    /// <summary>Nobody has looked at the request, so that anybody else may be asked.</summary>
    private static bool IsUnseen(AttemptResult result) =>
        result is AttemptResult.ConnectFailed or AttemptResult.PoolFull or AttemptResult.Refused;

    /// <summary>The request ended while no attempt was under way.</summary>
    private (AttemptResult, ProxyError?) Over(LogicalName name, ProxyError? last) =>
        _exchange.IsAbandoned
            ? (AttemptResult.ClientGone, null)
            : (
                AttemptResult.TimedOut,
                last
                    ?? new ProxyError(ErrorReason.Deadline, $"the request's time ran out before {name.Text} was called")
            );

    private int StatusOf(AttemptResult result) =>
        result switch
        {
            AttemptResult.Delivered or AttemptResult.BrokenOff => _exchange.Status,
            AttemptResult.ClientGone => StatusOfAbandoned,
            _ => _exchange.ReasonOf(result).Status(),
        };

    private bool IsFailed(LogicalName name, AttemptResult result) =>
        result switch
        {
            AttemptResult.Delivered => ListenerLoop.IsFailure(name.Spec, _exchange.JudgedStatus),
            AttemptResult.ClientGone or AttemptResult.ClientMalformed => false,
            _ => true,
        };

    private CallOutcome OutcomeOf(LogicalName name, AttemptResult result) =>
        result
            is AttemptResult.ClientGone
                or AttemptResult.ClientMalformed
                or AttemptResult.PoolFull
                or AttemptResult.NotSwitched
            ? CallOutcome.Ignored
        : IsFailed(name, result) ? CallOutcome.Failure
        : CallOutcome.Success;

    /// <summary>What there is to say of a name of which no endpoint could be had.</summary>
    public static ProxyError NoEndpoints(ConcreteName name) =>
        new(
            name.Known is EndpointSet.Pending ? ErrorReason.BindingTimeout : ErrorReason.NoEndpoints,
            name.Known switch
            {
                EndpointSet.Failed failed => $"{name.Label} has no known endpoint: {failed.Message}",
                EndpointSet.Pending => $"the endpoints of {name.Label} were not known in time",
                EndpointSet.Neg => $"{name.Label} does not exist any more",
                _ => $"{name.Label} has no endpoint that may be used",
            }
        );

    private async ValueTask FailAsync(RouteSlots slots, ProxyError error, long started, LogicalName? name = null)
    {
        var status = error.Reason.Status();
        var grpc = _exchange.IsGrpc ? GrpcStatuses.Of(error.Reason) : (GrpcStatus?)null;
        var sent = grpc is null ? status : 200;
        slots.Record(_loop.Shard, sent, grpc, failed: status >= 500, _loop.Loop.NowNanoseconds - started);
        _loop.OnError(error, slots, _listener, name?.Text, Server);
        // A stream that the endpoint has reset stays a reset, for a caller whose protocol has streams.
        if (Server.ResponseStarted || (_exchange.ResetCode is not null && Server.CanReset))
        {
            _exchange.AbortServer();
            return;
        }

        var (fields, body) = grpc is null ? ErrorBody.Of(error, Server.Request) : (GrpcMessages.Answer(error), default);
        if (!await Server.RespondAsync(sent, fields, body))
        {
            Server.Abort();
        }
    }
}
