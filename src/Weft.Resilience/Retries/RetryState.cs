namespace Weft.Resilience;

/// <summary>
/// One request's way through its retries; a value that lives as long as the request and is reset for the next one.
/// <code>
/// var retries = new RetryState(policy, budget, methodAllowed, isRetry);
/// while (true)
/// {
///     ... attempt ...
///     var decision = retries.Decide(report, now, deadline, replayable, random);
///     if (!decision.Again) break;         // count decision.Outcome, answer with what there is
///     ... wait decision.Wait ...
/// }
/// </code>
/// </summary>
public struct RetryState
{
    private readonly RetryPolicy _policy;
    private readonly RetryBudgetShare _budget;
    private readonly bool _methodAllowed;
    private readonly bool _isRetry;
    private long _lastWait;

    /// <summary>The state before the first attempt.</summary>
    /// <param name="policy">The service's.</param>
    /// <param name="budget">The loop's share of the service's budget. The caller deposits.</param>
    /// <param name="methodAllowed">The policy's methods include the request's.</param>
    /// <param name="isRetry">The request is itself a retry of a hop before (<c>weft-attempt</c> above 1).</param>
    public RetryState(RetryPolicy policy, RetryBudgetShare budget, bool methodAllowed, bool isRetry)
    {
        _policy = policy;
        _budget = budget;
        _methodAllowed = methodAllowed;
        _isRetry = isRetry;
    }

    /// <summary>Retries decided for so far.</summary>
    public int Made { get; private set; }

    /// <summary>
    /// Whether the request is tried again, and when. Asked once per ended attempt and never after a byte of a response has gone to
    /// the caller. A yes has spent one of the budget.
    /// </summary>
    /// <param name="report">How the attempt ended.</param>
    /// <param name="now">Nanoseconds on the loop's clock.</param>
    /// <param name="deadline">The request's; waits count against it.</param>
    /// <param name="replayable">The whole body is still there, or none of it was sent.</param>
    /// <param name="random">The loop's chance.</param>
    public RetryDecision Decide(
        in AttemptReport report,
        long now,
        Deadline deadline,
        bool replayable,
        LoopRandom random
    )
    {
        if (!_policy.Wants(report) || !MayRepeat(report))
            return RetryDecision.No(RetryOutcome.None);
        if (!replayable)
            return RetryDecision.No(RetryOutcome.NotReplayable);
        if (Made >= _policy.Limit || report.Hold.IsStop)
            return RetryDecision.No(RetryOutcome.Limit);

        // The wait that was asked for is a minimum: the backoff on top of it keeps callers that were told the same apart.
        var wait = _policy.Backoff.Delay(Made + 1, _lastWait, random);
        var hold = report.Hold.Wait;
        if (hold > Nanoseconds.Of(_policy.LongestHold) || !deadline.Outlasts(now, hold + wait))
            return RetryDecision.No(RetryOutcome.Deadline);
        if (!_budget.TryWithdraw(now))
            return RetryDecision.No(RetryOutcome.Budget);

        _lastWait = wait;
        Made++;
        return RetryDecision.After(hold + wait);
    }

    /// <summary>
    /// What was certainly not processed may be sent again whatever its method (RFC 9110, 9.2.2). A retry of a retry would multiply the load
    /// from hop to hop; only where no connection came about is there nothing to multiply. A gRPC call is a POST whatever it does, so that its
    /// method says nothing: the statuses that the policy lists are its author's word that a call may be made again.
    /// </summary>
    private readonly bool MayRepeat(in AttemptReport report)
    {
        var end = report.End;
        var unprocessed = end is AttemptEnd.ConnectFailed or AttemptEnd.RefusedStream;
        var stated = end == AttemptEnd.Answered && report.GrpcStatus >= 0;
        return (_methodAllowed || unprocessed || stated)
            && (!_isRetry || _policy.RetryRetries || end == AttemptEnd.ConnectFailed);
    }
}
