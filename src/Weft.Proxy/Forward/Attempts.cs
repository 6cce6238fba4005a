using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>
/// The attempts of one request: which endpoint is called next, and whether there is another attempt at all. Two kinds follow the first one:
/// <list type="bullet">
/// <item>A <em>requeue</em>, at once and without being asked for, of what certainly nobody has looked at (docs/adr/0004).</item>
/// <item>A <em>retry</em>, after a backoff, of what the service's policy says.</item>
/// </list>
/// Both spend the service's one budget, and so do <em>hedges</em>.
/// </summary>
internal sealed partial class Attempts : IResponseJudge
{
    /// <summary>Requeues of one request.</summary>
    private const int MaxRequeues = 2;

    /// <summary>Endpoints that a request remembers as tried; the first ones are forgotten beyond that.</summary>
    private const int MaxTried = 8;

    private readonly Forwarding _forwarding;
    private readonly LoopState _loop;
    private readonly EndpointLoad?[] _tried = new EndpointLoad?[MaxTried];
    private Exchange _exchange = null!;
    private Route _route;
    private RetryState _retries;
    private RetryDecision _decision;
    private int _triedCount;
    private int _made;
    private int _requeues;
    private int _full;
    private bool _freshOnly;
    private ulong? _key;

    public Attempts(Forwarding forwarding, LoopState loop)
    {
        _forwarding = forwarding;
        _loop = loop;
    }

    /// <summary>The request's exchange: made after this, because each needs the other.</summary>
    public Exchange Exchange
    {
        set => _exchange = value;
    }

    /// <summary>What the client is told when no response was delivered; null when one was, or nobody is left to be told.</summary>
    public ProxyError? Failure { get; private set; }

    /// <summary>When the request ended, as far as its attempts go, in the loop's nanoseconds.</summary>
    public long EndedNanoseconds { get; private set; }

    private RetryRules? Rules => _route.Policy.Retries;

    private ServicePolicy Service => _route.Policy.Service;

    /// <summary>The call whose result is the request's so far.</summary>
    private Call Answering { get; set; }

    private ReadOnlySpan<EndpointLoad> Tried => _tried.AsSpan(0, _triedCount)!;

    bool IResponseJudge.IsUnwanted(ResponseHead response, GrpcStatus? grpc)
    {
        // Most services have no policy, and most responses are none that it speaks of.
        if (Rules is null)
        {
            return false;
        }

        var code = grpc is { } status ? (int)status : -1;
        if (!Rules.Policy.Wants(new AttemptReport(AttemptEnd.Answered, response.Status, code)))
        {
            return false;
        }

        return Decide(new AttemptReport(AttemptEnd.Answered, response.Status, code, HoldOf(response)));
    }

    /// <summary>Takes a request up; <see cref="RunAsync"/> and <see cref="End"/> follow.</summary>
    /// <param name="route">Where it goes.</param>
    /// <param name="key">For a ring hash; null when the request has none.</param>
    /// <param name="isRetry">It is another hop's retry.</param>
    /// <param name="started">When it came, in the loop's nanoseconds.</param>
    public void Begin(in Route route, ulong? key, bool isRetry, long started)
    {
        _route = route;
        _key = key;
        _triedCount = 0;
        _made = 0;
        _requeues = 0;
        _full = 0;
        _freshOnly = false;
        _decision = default;
        Failure = null;
        if (Rules is { } rules)
        {
            _retries = new RetryState(rules.Policy, Service.Budget, rules.Allows(_forwarding.Server.Request), isRetry);
        }

        _mayHedge =
            !isRetry
            && Service.Hedging is not null
            && (
                Rules?.Allows(_forwarding.Server.Request)
                ?? RequestMethods.IsIdempotent(_forwarding.Server.Request.Method)
            );
        if (!isRetry)
        {
            Service.Budget.Deposit(started);
        }
    }

    /// <summary>Calls endpoints until one has answered, or there is nothing more that may be tried: <see cref="Failure"/> says why then.</summary>
    public async LoopTask<AttemptResult> RunAsync(long started)
    {
        var waitUntil = 0L;
        var mayRepeat = false;
        while (true)
        {
            if (_exchange.IsOver)
            {
                return Over();
            }

            if (_made > 0)
            {
                _forwarding.BringUpToDate(_route);
            }

            var chosen = _route.Target.Destination.Choose(_loop.Random);
            if (chosen is not Destination.Leaf leaf)
            {
                Failure = ((Destination.Nowhere)chosen).Error;
                return AttemptResult.ConnectFailed;
            }

            var concrete = leaf.Name;
            concrete.Refresh(_loop.World);
            var now = _made == 0 ? started : _loop.Loop.NowNanoseconds;
            var mayWait = _full == MaxRequeues;
            if (!concrete.TryStart(now, _key, Tried, out var call))
            {
                // Another endpoint while one lives; otherwise one of those again, where there is a reason to hope for more this time.
                if (!mayRepeat || !concrete.TryStart(now, _key, default, out call))
                {
                    if (Failure is null && concrete.Known is EndpointSet.Pending)
                    {
                        waitUntil = waitUntil == 0 ? _forwarding.WaitsUntil() : waitUntil;
                        if (await _forwarding.WaitForChangeAsync(_route, waitUntil) || _exchange.IsOver)
                        {
                            continue;
                        }
                    }

                    Failure ??= Forwarding.NoEndpoints(concrete);
                    return AttemptResult.ConnectFailed;
                }

                mayWait |= _full > 0;
            }

            Answering = call;
            AttemptResult result;
            if (_mayHedge && _exchange.IsWholeAtHand)
            {
                result = await HedgeAsync(leaf, call, now, mayWait);
            }
            else
            {
                result = await _exchange.AttemptAsync(_route, call, _made, _freshOnly, mayWait);
                OnEnded(leaf, call, result, now);
            }

            if (result <= AttemptResult.ClientGone)
            {
                Failure = null;
                return result;
            }

            Remember(Answering.Endpoint.Load);
            if (result == AttemptResult.Unwanted)
            {
                mayRepeat = true;
                _ = await _exchange.PauseAsync(_decision.Wait);
                continue;
            }

            Failure = _exchange.Explain(result, Answering);
            if (_exchange.IsOver || (mayWait && result == AttemptResult.PoolFull))
            {
                return result;
            }

            // Who takes no connections is not asked again at once; who had closed one, or was busy, may be.
            var needsOther = result == AttemptResult.ConnectFailed;
            if ((!needsOther || concrete.HasOthers(_loop.Loop.NowNanoseconds, Tried)) && MayRequeue(result))
            {
                mayRepeat = !needsOther;
                continue;
            }

            if (Rules is null || !Decide(ReportOf(result)))
            {
                return result;
            }

            mayRepeat = true;
            _ = await _exchange.PauseAsync(_decision.Wait);
        }
    }

    private void OnEnded(Destination.Leaf leaf, in Call call, AttemptResult result, long started)
    {
        var ended = _loop.Loop.NowNanoseconds;
        EndedNanoseconds = ended;
        Record(leaf, call, result, _made, started, _exchange.LatencyFrom(started, ended), ended);
    }

    /// <summary>Counts an attempt that has ended, and tells the balancer.</summary>
    private void Record(
        Destination.Leaf leaf,
        in Call call,
        AttemptResult result,
        int number,
        long started,
        long latency,
        long ended
    )
    {
        var failed = IsFailed(result);
        call.Finish(ended, latency, OutcomeOf(result, failed));
        if (result == AttemptResult.PoolFull)
        {
            return; // It did not leave this proxy.
        }

        leaf.Slots.Record(
            _loop.Shard,
            StatusOf(result),
            result is AttemptResult.Delivered or AttemptResult.Unwanted ? _exchange.GrpcStatus : null,
            failed,
            number > 0,
            ended - started
        );
        _made++;
    }

    /// <summary>Whether to try again at once, because nobody has looked at the request; a yes has spent one of the budget.</summary>
    private bool MayRequeue(AttemptResult result)
    {
        if (result == AttemptResult.PoolFull)
        {
            return _full++ < MaxRequeues;
        }

        var isStale = result == AttemptResult.StaleConnection && !_freshOnly;
        var isUnseen = result is AttemptResult.ConnectFailed or AttemptResult.Refused;
        if (
            (!isStale && !isUnseen)
            || _requeues == MaxRequeues
            || !Service.Budget.TryWithdraw(_loop.Loop.NowNanoseconds)
        )
        {
            return false;
        }

        _requeues++;
        _freshOnly |= isStale;
        return true;
    }

    private bool Decide(in AttemptReport report)
    {
        _decision = _retries.Decide(
            report,
            _loop.Loop.NowNanoseconds,
            _exchange.Deadline,
            _exchange.IsReplayable,
            _loop.Random
        );
        _exchange.HasGivenUp |= _decision.Outcome != RetryOutcome.None;
        return _decision.Again;
    }

    /// <summary>What the endpoint asks of those who would come again; a hop that has tried again in vain asks not to be asked.</summary>
    private RetryHold HoldOf(ResponseHead response)
    {
        if (response.Find(ContextFields.RetryName) >= 0)
        {
            return RetryHold.Stop;
        }

        var pushback = response.Find("grpc-retry-pushback-ms"u8);
        if (pushback >= 0)
        {
            return RetryHold.FromPushback(response.Value(pushback));
        }

        return response.TryGet(KnownHeader.RetryAfter, out var after)
            ? RetryHold.FromRetryAfter(after, _loop.Loop.Time.GetUtcNow())
            : default;
    }

    private void Remember(EndpointLoad load)
    {
        foreach (var one in Tried)
        {
            if (one == load)
            {
                return;
            }
        }

        if (_triedCount == MaxTried)
        {
            _tried.AsSpan(1).CopyTo(_tried);
            _triedCount--;
        }

        _tried[_triedCount++] = load;
    }

    private static AttemptReport ReportOf(AttemptResult result) =>
        new(
            result switch
            {
                AttemptResult.ConnectFailed or AttemptResult.PoolFull => AttemptEnd.ConnectFailed,
                AttemptResult.Refused => AttemptEnd.RefusedStream,
                AttemptResult.TimedOut => AttemptEnd.TimedOut,
                _ => AttemptEnd.Reset,
            }
        );

    /// <summary>Lets the request go, and counts how it came out when it had further attempts, or wanted some and got none.</summary>
    public void End(AttemptResult result)
    {
        _tried.AsSpan(0, _triedCount).Clear();
        if (_decision is { Again: false, Outcome: not RetryOutcome.None })
        {
            Service.Count(_loop.Shard, _decision.Outcome);
        }
        else if (_made > 1 && result != AttemptResult.ClientGone)
        {
            var succeeded = Failure is null && result == AttemptResult.Delivered && !IsFailed(result);
            Service.Count(_loop.Shard, succeeded ? RetryOutcome.Success : RetryOutcome.Failure);
        }
    }

    /// <summary>The request ended while no attempt was under way.</summary>
    private AttemptResult Over()
    {
        EndedNanoseconds = _loop.Loop.NowNanoseconds;
        if (_exchange.IsAbandoned)
        {
            Failure = null;
            return AttemptResult.ClientGone;
        }

        Failure ??= new ProxyError(
            ErrorReason.Deadline,
            $"the request's time ran out before {_route.Target.Text} had answered it"
        );
        return AttemptResult.TimedOut;
    }

    private int StatusOf(AttemptResult result) =>
        result switch
        {
            AttemptResult.Delivered or AttemptResult.BrokenOff or AttemptResult.Unwanted => _exchange.Status,
            AttemptResult.ClientGone => _exchange.StatusOfAbandoned,
            _ => _exchange.ReasonOf(result).Status(),
        };

    private bool IsFailed(AttemptResult result) =>
        result switch
        {
            AttemptResult.Delivered or AttemptResult.Unwanted => ListenerLoop.IsFailure(
                _route.Target.Spec,
                _exchange.JudgedStatus
            ),
            AttemptResult.ClientGone or AttemptResult.ClientMalformed => false,
            _ => true,
        };

    private static CallOutcome OutcomeOf(AttemptResult result, bool failed) =>
        result
            is AttemptResult.ClientGone
                or AttemptResult.ClientMalformed
                or AttemptResult.PoolFull
                or AttemptResult.NotSwitched
            ? CallOutcome.Ignored
        : failed ? CallOutcome.Failure
        : CallOutcome.Success;
}
