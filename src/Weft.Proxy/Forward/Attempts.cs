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
    private RetryState _retries;
    private RetryDecision _decision;
    private Destination.Leaf _leaf = null!;
    private Call _call;
    private long _began;
    private long _started;
    private long _waitUntil;
    private int _triedCount;
    private int _made;
    private int _requeues;
    private int _full;
    private bool _freshOnly;
    private bool _isFirst;
    private bool _mayRepeat;
    private bool _mayWait;
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

    private ref readonly Route Route => ref _forwarding.Route;

    private RetryRules? Rules => Route.Policy.Retries;

    private ServicePolicy Service => Route.Policy.Service;

    private ReadOnlySpan<EndpointLoad> Tried => _tried.AsSpan(0, _triedCount)!;

    /// <summary>Takes a request up; <see cref="StartAsync"/> and <see cref="End"/> follow.</summary>
    /// <param name="key">For a ring hash; null when the request has none.</param>
    /// <param name="isRetry">It is another hop's retry.</param>
    /// <param name="began">When it came, in the loop's nanoseconds.</param>
    public void Begin(ulong? key, bool isRetry, long began)
    {
        _key = key;
        _began = began;
        _waitUntil = 0;
        _triedCount = 0;
        _made = 0;
        _requeues = 0;
        _full = 0;
        _freshOnly = false;
        _isFirst = false;
        _mayRepeat = false;
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
            Service.Budget.Deposit(began);
        }
    }

    /// <summary>
    /// Calls an endpoint. Whether that was all says <see cref="IsSettledBy"/>; where it was not, <see cref="GoOnAsync"/> calls others. Apart from each other, because
    /// most requests need the first alone, and a method around both would be one more that is suspended for each of them.
    /// </summary>
    public LoopTask<AttemptResult> StartAsync()
    {
        if (_exchange.IsOver)
        {
            return new LoopTask<AttemptResult>(Over());
        }

        var choice = Choose(_began);
        if (choice != Choice.Made || IsHedged)
        {
            return RunAsync(choice);
        }

        _isFirst = true;
        return AttemptAsync();
    }

    /// <summary>Whether what <see cref="StartAsync"/> came to is the request's result: <see cref="Failure"/> says why when it is none to deliver.</summary>
    public bool IsSettledBy(AttemptResult result)
    {
        if (!_isFirst)
        {
            return true;
        }

        OnEnded(result);
        return result <= AttemptResult.ClientGone;
    }

    /// <summary>Calls endpoints after the first one has not answered, until one has, or there is nothing more that may be tried.</summary>
    /// <param name="result">What came of the first attempt.</param>
    public async LoopTask<AttemptResult> GoOnAsync(AttemptResult result) =>
        await IsFollowedAsync(result) ? await RunAsync(Choice.Open) : result;

    private async LoopTask<AttemptResult> RunAsync(Choice choice)
    {
        while (true)
        {
            switch (choice)
            {
                case Choice.Nobody:
                    return AttemptResult.ConnectFailed;
                case Choice.NotYet when !await WaitForEndpointsAsync():
                    return AttemptResult.ConnectFailed;
                case Choice.Made:
                    AttemptResult result;
                    if (IsHedged)
                    {
                        result = await HedgeAsync();
                    }
                    else
                    {
                        result = await AttemptAsync();
                        OnEnded(result);
                    }

                    if (!await IsFollowedAsync(result))
                    {
                        return result;
                    }

                    break;
            }

            if (_exchange.IsOver)
            {
                return Over();
            }

            if (_made > 0)
            {
                _forwarding.BringUpToDate();
            }

            choice = Choose(_made == 0 ? _began : _loop.Loop.NowNanoseconds);
        }
    }

    private bool IsHedged => _mayHedge && _exchange.IsWholeAtHand;

    private LoopTask<AttemptResult> AttemptAsync() =>
        _exchange.AttemptAsync(_call.Endpoint, _call.Name, _made, _freshOnly, _mayWait);

    /// <summary>Chooses whom to call, and starts the call.</summary>
    private Choice Choose(long now)
    {
        var chosen = Route.Target.Destination.Choose(_loop.Random);
        if (chosen is not Destination.Leaf leaf)
        {
            Failure = ((Destination.Nowhere)chosen).Error;
            return Choice.Nobody;
        }

        var concrete = leaf.Name;
        concrete.Refresh(_loop.World);
        _mayWait = _full == MaxRequeues;
        if (!concrete.TryStart(now, _key, Tried, out var call))
        {
            // Another endpoint while one lives; otherwise one of those again, where there is a reason to hope for more this time.
            if (!_mayRepeat || !concrete.TryStart(now, _key, default, out call))
            {
                var isPending = Failure is null && concrete.Known is EndpointSet.Pending;
                _leaf = leaf;
                if (!isPending)
                {
                    Failure ??= Forwarding.NoEndpoints(concrete);
                }

                return isPending ? Choice.NotYet : Choice.Nobody;
            }

            _mayWait |= _full > 0;
        }

        (_leaf, _call, _started) = (leaf, call, now);
        return Choice.Made;
    }

    /// <summary>Waits, for a bounded time, until more is known of the endpoints; false when the time is up.</summary>
    private async LoopTask<bool> WaitForEndpointsAsync()
    {
        _waitUntil = _waitUntil == 0 ? _forwarding.WaitsUntil() : _waitUntil;
        if (await _forwarding.WaitForChangeAsync(_waitUntil) || _exchange.IsOver)
        {
            return true;
        }

        Failure ??= Forwarding.NoEndpoints(_leaf.Name);
        return false;
    }

    private void OnEnded(AttemptResult result)
    {
        var ended = _loop.Loop.NowNanoseconds;
        EndedNanoseconds = ended;
        Record(_call, result, _made, _started, _exchange.LatencyFrom(_started, ended), ended);
    }

    /// <summary>Counts an attempt that has ended, and tells the balancer.</summary>
    private void Record(in Call call, AttemptResult result, int number, long started, long latency, long ended)
    {
        var failed = IsFailed(result);
        call.Finish(ended, latency, OutcomeOf(result, failed));
        if (result == AttemptResult.PoolFull)
        {
            return; // It did not leave this proxy.
        }

        _leaf.Slots.Record(
            _loop.Shard,
            StatusOf(result),
            result is AttemptResult.Delivered or AttemptResult.Unwanted ? _exchange.GrpcStatus : null,
            failed,
            number > 0,
            ended - started
        );
        _made++;
    }

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
            $"the request's time ran out before {Route.Target.Text} had answered it"
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
                Route.Target.Spec,
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

    /// <summary>Whom a request calls next.</summary>
    private enum Choice
    {
        /// <summary>That is to be found out.</summary>
        Open,

        /// <summary>An endpoint; the call has started.</summary>
        Made,

        /// <summary>Its endpoints are not known yet.</summary>
        NotYet,

        /// <summary>There is nobody.</summary>
        Nobody,
    }
}
