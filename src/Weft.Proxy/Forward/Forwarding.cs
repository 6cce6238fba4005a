using System.Globalization;
using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The way of a request, from one server connection to an endpoint and back. Used for one request after the other, whoever sends them: a client that asks
/// for nothing costs nothing of this.
/// <code>
/// 1 context   drop what this peer may not say; read its time limit          ContextFields
/// 2 identify  request to logical name; its policy, routes and destination   ListenerLoop, LogicalName
/// 3 route     the rule that it takes, the faults that it meets              RouteTable, FaultTable, Route
/// 4 bind      wait while the name is not resolved yet                       LoopState
/// 5 limit     rate and number of requests at once                           Admission
/// 6 dispatch  endpoints, one after the other, until one has answered        Attempts, Exchange
/// 7 record    what the caller saw                                           RouteSlots
/// </code>
/// </summary>
internal sealed class Forwarding : IClientLossWatcher
{
    /// <summary>What is recorded for a caller that went away before the answer; nginx made the number known.</summary>
    public const int StatusClientGone = 499;

    // A name that is still not resolved after this long, or whose endpoints are not known, is answered with 503.
    private const long BindingMilliseconds = 10_000;

    private readonly ListenerLoop _listener;
    private readonly LoopState _loop;
    private readonly Attempts _attempts;
    private readonly Exchange _exchange;
    private ServedClient _client = null!;
    private bool _isRetry;

    public Forwarding(ListenerLoop listener)
    {
        _listener = listener;
        _loop = listener.Loop;
        _attempts = new Attempts(this, _loop);
        _exchange = new Exchange(this, _loop, _attempts);
        _attempts.Exchange = _exchange;
    }

    /// <summary>What holds the request and takes the response.</summary>
    public ServerExchange Server { get; private set; } = null!;

    /// <summary>Takes a request up; <see cref="ServeAsync"/> and, when that has ended in good order, <see cref="Release"/> follow.</summary>
    public void Begin(ServerExchange server, ServedClient client) => (Server, _client) = (server, client);

    /// <summary>Forgets the request.</summary>
    public void Release() => (Server, _client) = (null!, null!);

    /// <summary>Serves the request.</summary>
    public async LoopTask ServeAsync()
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
        CompiledRule? rule = null;
        if (name.Routes is { } routes && !routes.TryMatch(Server.Request, out rule, out error))
        {
            await FailAsync(name.Slots, error, started, name);
            return;
        }

        _exchange.StartDeadline((rule?.Timeouts ?? name.Spec.Timeouts).Request);
        if ((name.Faults is not null || rule?.Redirect is not null) && await AnswerHereAsync(name, rule, started))
        {
            _exchange.End();
            return;
        }

        var backend = rule?.Backends[rule.Choose(_loop.Random)];
        var target = backend is null ? name : name.Backend(backend);

        // 4
        if (target.Destination is Destination.Nowhere { IsPending: true })
        {
            await BindAsync(name, target);
        }

        var slots = name.SlotsOf(rule);
        if (name.Policy is not { } service)
        {
            // It leads nowhere, and the request may have ended while it was found out.
            _exchange.End();
            await FailAsync(slots, Unbound(name), started, name);
            return;
        }

        // 5
        var admission = Admission.TryEnter(service, Server, started, out error);
        if (admission is null)
        {
            _exchange.End();
            await FailAsync(slots, error, started, name);
            return;
        }

        var route = new Route(name, rule is null ? service.Default : service.Of(rule), target, backend);
        route.EditRequest(Server.Request);
        _loop.Shard.Add(slots.InFlight, 1);
        var mirrored = route.Policy.Mirrors is null ? 0 : _exchange.Mirror(route);

        // 6
        _attempts.Begin(route, KeyOf(target.Spec), _isRetry, started);
        var result = await _attempts.RunAsync(started);
        _attempts.End(result);
        _exchange.End();

        // 7
        _loop.Shard.Add(slots.InFlight, -1);
        if (mirrored != 0)
        {
            _exchange.MirrorLate(route, mirrored);
        }

        if (_attempts.Failure is { } reported)
        {
            admission.Value.Exit(_loop.Loop.NowNanoseconds, reported.Reason);
            await FailAsync(slots, reported, started, name);
            await _exchange.JoinAsync();
            return;
        }

        // A gRPC call whose answer broke off ends with a status.
        var brokenOff = result == AttemptResult.BrokenOff ? _exchange.ExplainBrokenOff() : null;
        var ended = _attempts.EndedNanoseconds;
        Record(slots, name, result, ended - started);
        admission.Value.Exit(ended, _exchange.JudgedStatus, result == AttemptResult.Delivered);
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

    private void Record(RouteSlots slots, LogicalName name, AttemptResult result, long nanoseconds)
    {
        var isGone = result == AttemptResult.ClientGone && !_exchange.IsTunnelOpen; // Most tunnels end so.
        var failed =
            result == AttemptResult.BrokenOff
            || ListenerLoop.IsFailure(name.Spec, isGone ? StatusClientGone : _exchange.JudgedStatus);
        slots.Record(
            _loop.Shard,
            isGone ? StatusClientGone : _exchange.Status,
            isGone ? null : _exchange.GrpcStatus,
            failed,
            nanoseconds
        );
    }

    /// <summary>3: an injected fault, or the redirection that a rule asks for; true when the request was answered.</summary>
    private async LoopTask<bool> AnswerHereAsync(LogicalName name, CompiledRule? rule, long started)
    {
        LocalResponse answer;
        var fault = name.Faults?.Find(Server.Request);
        if (fault is not null && fault.DrawDelay(_loop.Random) is > 0 and var delay)
        {
            _ = await _exchange.PauseAsync(delay * Nanoseconds.PerMillisecond);
        }

        if (fault is not null && fault.DrawAbort(_loop.Random))
        {
            answer = fault.Answer(Server.Request);
        }
        else if (rule?.Redirect is { } redirect)
        {
            answer = redirect.Answer(Server.Request, isTls: false);
        }
        else
        {
            return false;
        }

        var grpc = _exchange.IsGrpc && answer.Status == 200 ? GrpcMessages.StatusOf(answer.Fields) : null;
        var failed = ListenerLoop.IsFailure(name.Spec, grpc?.HttpEquivalent() ?? answer.Status);
        name.SlotsOf(rule).Record(_loop.Shard, answer.Status, grpc, failed, _loop.Loop.NowNanoseconds - started);
        if (!await Server.RespondAsync(answer.Status, answer.Fields, answer.Body))
        {
            Server.Abort();
        }

        return true;
    }

    /// <summary>4: waits until the name is resolved, for a bounded time.</summary>
    private async LoopTask BindAsync(LogicalName name, LogicalName target)
    {
        var until = WaitsUntil();
        while (target.Destination is Destination.Nowhere { IsPending: true } && !_exchange.IsOver)
        {
            if (!await _listener.WaitForChangeAsync(name, until))
            {
                break;
            }

            _ = name.Backend(target.Name);
        }
    }

    private ProxyError Unbound(LogicalName name) =>
        _exchange.IsOver && !_exchange.IsAbandoned
            ? new ProxyError(ErrorReason.Deadline, $"the request's time ran out before {name.Text} was resolved")
            : ((Destination.Nowhere)name.Destination).Error;

    /// <summary>When a request that waits to be resolved gives up: in the loop's milliseconds.</summary>
    public long WaitsUntil() => _loop.Loop.NowMilliseconds + Math.Min(BindingMilliseconds, _exchange.MillisecondsLeft);

    /// <summary>Waits until the world has changed; false when the time is up before.</summary>
    public async LoopTask<bool> WaitForChangeAsync(Route route, long until)
    {
        var changed = await _listener.WaitForChangeAsync(route.Name, until);
        _ = route.Name.Backend(route.Target.Name);
        return changed;
    }

    /// <summary>Has a request that is tried again go where its name leads by now, and not where it led when it came.</summary>
    public void BringUpToDate(Route route)
    {
        _listener.BringUpToDate(route.Name);
        _ = route.Name.Backend(route.Target.Name);
    }

    /// <summary>What makes requests belong together for a ring hash; null for other balancers, and when the request has nothing of the kind.</summary>
    private ulong? KeyOf(ServiceSpec spec)
    {
        if (spec.Balancer.On is not { } on)
        {
            return null;
        }

        Span<byte> scratch = stackalloc byte[RequestKey.AddressBytes];
        return _loop
            .KeyOf(on)
            .TryRead(Server.Request, Server.Connection.RemoteEndPoint.Address, default, scratch, out var key)
            ? StableHash.Of(key)
            : null;
    }

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
        var address = Server.Connection.RemoteEndPoint.Address;
        var isTrusted = _client.IsTrusted(_listener.Config, address);
        _isRetry = isTrusted && ContextFields.AttemptOf(request) > 1;
        var clientKnown = ContextFields.Drop(request, isTrusted);
        _exchange.CallerTimeoutMilliseconds = timeout;
        _exchange.Forwarded = clientKnown ? null : _client.ForwardedFields(request, address);
        return true;
    }

    /// <summary>What there is to say of a name of which no endpoint could be had.</summary>
    public static ProxyError NoEndpoints(ConcreteName name) =>
        name.Known switch
        {
            EndpointSet.Failed failed => new ProxyError(
                ErrorReason.NoEndpoints,
                $"{name.Label} has no known endpoint: {failed.Message}"
            ),
            EndpointSet.Pending => new ProxyError(
                ErrorReason.BindingTimeout,
                $"the endpoints of {name.Label} were not known in time"
            ),
            EndpointSet.Neg => new ProxyError(ErrorReason.NoEndpoints, $"{name.Label} does not exist any more"),
            _ when !name.Endpoints.IsEmpty => new ProxyError(
                ErrorReason.CircuitOpen,
                $"all {name.Endpoints.Length} endpoints of {name.Label} are out of service: {name.Endpoints[0].DownBecause}"
            ),
            _ => new ProxyError(ErrorReason.NoEndpoints, $"{name.Label} has no endpoint that may be used"),
        };

    private async LoopTask FailAsync(RouteSlots slots, ProxyError error, long started, LogicalName? name = null)
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

        var more = MoreFields(error);
        var (fields, body) = grpc is null
            ? ErrorBody.Of(error, Server.Request, more)
            : (GrpcMessages.Answer(error, more), default);
        if (!await Server.RespondAsync(sent, fields, body))
        {
            Server.Abort();
        }
    }

    /// <summary>What an error of the proxy says besides its reason.</summary>
    private (string Name, string Value)[] MoreFields(ProxyError error) =>
        (error.RetryAfterSeconds, _exchange.HasGivenUp) switch
        {
            (> 0 and var seconds, _) => [("retry-after", seconds.ToString(CultureInfo.InvariantCulture))],
            (_, true) => [("weft-retry", "exhausted")],
            _ => [],
        };
}
