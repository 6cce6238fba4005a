using Weft.Http;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>Whether an attempt is followed by another one.</summary>
internal sealed partial class Attempts
{
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

    /// <summary>Whether another attempt follows one that has ended so; where one does, waits until it is due.</summary>
    private async LoopTask<bool> IsFollowedAsync(AttemptResult result)
    {
        if (result <= AttemptResult.ClientGone)
        {
            Failure = null;
            return false;
        }

        Remember(_call.Endpoint.Load);
        if (result != AttemptResult.Unwanted)
        {
            Failure = _exchange.Explain(result, _call);
            if (_exchange.IsOver || (_mayWait && result == AttemptResult.PoolFull))
            {
                return false;
            }

            // Who takes no connections is not asked again at once; who had closed one, or was busy, may be.
            var needsOther = result == AttemptResult.ConnectFailed;
            if ((!needsOther || _call.Name.HasOthers(_loop.Loop.NowNanoseconds, Tried)) && MayRequeue(result))
            {
                _mayRepeat = !needsOther;
                return true;
            }

            if (Rules is null || !Decide(ReportOf(result)))
            {
                return false;
            }
        }

        _mayRepeat = true;
        _ = await _exchange.PauseAsync(_decision.Wait);
        return true;
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
}
