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
internal sealed partial class Forwarding : IClientLossWatcher
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
    private Route _route;
    private RouteSlots _slots = null!;
    private Admission _admission;
    private ulong _mirrored;
    private long _started;
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
    public void Release() => (Server, _client, _route, _admission) = (null!, null!, default, default);

    /// <summary>Where the request goes, once that is known; changed by nobody before its end.</summary>
    public ref readonly Route Route => ref _route;

    /// <summary>Serves the request. What the usual request does not wait for is no part of its suspended method.</summary>
    public LoopTask ServeAsync()
    {
        _started = _loop.Loop.NowNanoseconds;
        Server.LossWatcher = this;
        _exchange.Begin();

        // 1 and 2
        if (!Admit(out var error) || !_listener.TryName(Server.Request, out var name, out error))
        {
            return FailAsync(_loop.UnboundSlots, error);
        }

        // 3
        CompiledRule? rule = null;
        if (name.Routes is { } routes && !routes.TryMatch(Server.Request, out rule, out error))
        {
            return FailAsync(name.Slots, error, name);
        }

        _exchange.StartDeadline((rule?.Timeouts ?? name.Spec.Timeouts).Request);
        return name.Faults is not null || rule?.Redirect is not null
            ? AnswerOrRouteAsync(name, rule)
            : RouteAsync(name, rule);
    }

    private async LoopTask AnswerOrRouteAsync(LogicalName name, CompiledRule? rule)
    {
        if (await AnswerHereAsync(name, rule))
        {
            _exchange.End();
            return;
        }

        await RouteAsync(name, rule);
    }

    private LoopTask RouteAsync(LogicalName name, CompiledRule? rule)
    {
        var backend = rule?.Backends[rule.Choose(_loop.Random)];
        var target = backend is null ? name : name.Backend(backend);
        return target.Destination is Destination.Nowhere { IsPending: true }
            ? BindAndDispatchAsync(name, rule, target, backend)
            : DispatchAsync(name, rule, target, backend);
    }

    private async LoopTask BindAndDispatchAsync(
        LogicalName name,
        CompiledRule? rule,
        LogicalName target,
        CompiledBackend? backend
    )
    {
        // 4
        await BindAsync(name, target);
        await DispatchAsync(name, rule, target, backend);
    }

    private LoopTask DispatchAsync(LogicalName name, CompiledRule? rule, LogicalName target, CompiledBackend? backend)
    {
        _slots = name.SlotsOf(rule);
        if (name.Policy is not { } service)
        {
            // It leads nowhere, and the request may have ended while it was found out.
            _exchange.End();
            return FailAsync(_slots, Unbound(name), name);
        }

        // 5
        if (!Admission.TryEnter(service, Server, _started, out _admission, out var error))
        {
            _exchange.End();
            return FailAsync(_slots, error, name);
        }

        _route = new Route(name, rule is null ? service.Default : service.Of(rule), target, backend);
        _route.EditRequest(Server.Request);
        _loop.Shard.Add(_slots.InFlight, 1);
        _mirrored = _route.Policy.Mirrors is null ? 0 : _exchange.Mirror();
        _attempts.Begin(KeyOf(target.Spec), _isRetry, _started);
        return RunAsync();
    }

    /// <summary>6 and 7: where a request waits. The first attempt, most often the only one, is awaited here, and not in a method around all of them.</summary>
    private async LoopTask RunAsync()
    {
        var result = await _attempts.StartAsync();
        if (!_attempts.IsSettledBy(result))
        {
            result = await _attempts.GoOnAsync(result);
        }

        await EndAsync(result);
    }

    private LoopTask EndAsync(AttemptResult result)
    {
        _attempts.End(result);
        _exchange.End();
        _loop.Shard.Add(_slots.InFlight, -1);
        if (_mirrored != 0)
        {
            _exchange.MirrorLate(_mirrored);
        }

        if (_attempts.Failure is { } reported)
        {
            _admission.Exit(_loop.Loop.NowNanoseconds, reported.Reason);
            return FailAndJoinAsync(reported);
        }

        // A gRPC call whose answer broke off ends with a status.
        var brokenOff = result == AttemptResult.BrokenOff ? _exchange.ExplainBrokenOff() : null;
        var ended = _attempts.EndedNanoseconds;
        Record(result, ended - _started);
        _admission.Exit(ended, _exchange.JudgedStatus, result == AttemptResult.Delivered);
        return result == AttemptResult.Delivered ? _exchange.JoinAsync() : BreakOffAsync(brokenOff);
    }

    private void Record(AttemptResult result, long nanoseconds)
    {
        var isGone = result == AttemptResult.ClientGone && !_exchange.IsTunnelOpen; // Most tunnels end so.
        var failed =
            result == AttemptResult.BrokenOff
            || ListenerLoop.IsFailure(_route.Name.Spec, isGone ? StatusClientGone : _exchange.JudgedStatus);
        _slots.Record(
            _loop.Shard,
            isGone ? StatusClientGone : _exchange.Status,
            isGone ? null : _exchange.GrpcStatus,
            failed,
            nanoseconds
        );
    }

    /// <summary>3: an injected fault, or the redirection that a rule asks for; true when the request was answered.</summary>
    private async LoopTask<bool> AnswerHereAsync(LogicalName name, CompiledRule? rule)
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
        name.SlotsOf(rule).Record(_loop.Shard, answer.Status, grpc, failed, _loop.Loop.NowNanoseconds - _started);
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

    /// <summary>When a request that waits to be resolved gives up: in the loop's milliseconds.</summary>
    public long WaitsUntil() => _loop.Loop.NowMilliseconds + Math.Min(BindingMilliseconds, _exchange.MillisecondsLeft);

    /// <summary>Waits until the world has changed; false when the time is up before.</summary>
    public async LoopTask<bool> WaitForChangeAsync(long until)
    {
        var changed = await _listener.WaitForChangeAsync(_route.Name, until);
        _ = _route.Name.Backend(_route.Target.Name);
        return changed;
    }

    /// <summary>Has a request that is tried again go where its name leads by now, and not where it led when it came.</summary>
    public void BringUpToDate()
    {
        _listener.BringUpToDate(_route.Name);
        _ = _route.Name.Backend(_route.Target.Name);
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
}
