namespace Weft.Resilience;

/// <summary>When a second attempt is sent although the first has not failed. Exactly one of the two times is set.</summary>
public sealed record HedgePolicy
{
    /// <summary>After a time.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>After the latency that this share of calls stays below, above 0, below 1: 0.95 for p95.</summary>
    public double? AfterQuantile { get; init; }

    /// <summary>Extra attempts of one request, at least 1.</summary>
    public int Max { get; init; } = 1;
}

/// <summary>
/// Hedged requests (Dean, Barroso, "The Tail at Scale", CACM, 2013): who has waited longer than most is sent a second time, and whoever
/// answers first wins. Each hedge spends the same budget as a retry, so that a service which has become slow is not called twice as
/// often. Only for requests that may be repeated. For one loop.
/// <code>
/// var wait = hedging.Wait(now);                     // when the first attempt begins: set a timer, unless it is Never
/// if (hedging.TryHedge(now, made, budget)) ...      // when it is due: a second attempt, at another endpoint
/// hedging.Observe(now, latency);                    // when an attempt has answered
/// </code>
/// </summary>
public sealed class Hedging
{
    /// <summary>The answer of <see cref="Wait"/> when there is nothing to go by yet.</summary>
    public const long Never = long.MaxValue;

    // A percentile of fewer calls than these is chance.
    private const int MinSamples = 100;
    private const long RefreshEvery = 100 * Nanoseconds.PerMillisecond;
    private const long Shortest = Nanoseconds.PerMillisecond;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly HedgePolicy _policy;
    private readonly LatencyHistogram? _latencies;
    private long _wait;
    private long _refreshAt = long.MinValue;

    /// <summary>Nothing is observed yet.</summary>
    /// <exception cref="ArgumentException">The policy names no time, two, or one out of its bounds.</exception>
    public Hedging(HedgePolicy policy)
    {
        if (policy.After is null == policy.AfterQuantile is null || policy.Max < 1)
            throw new ArgumentException("a hedge needs a time or a percentile, and at least 1 attempt", nameof(policy));
        if (policy.After <= TimeSpan.Zero || policy.AfterQuantile is not (null or (> 0 and < 1)))
            throw new ArgumentException("the time must be above 0, the percentile's share 0 to 1", nameof(policy));
        _policy = policy;
        _latencies = policy.AfterQuantile is null ? null : new LatencyHistogram(Window);
        _wait = policy.After is { } after ? Nanoseconds.Of(after) : Never;
    }

    /// <summary>Nanoseconds after an attempt's start at which the next one is due, at least 1 ms, or <see cref="Never"/>.</summary>
    public long Wait(long now)
    {
        if (_latencies is null || now < _refreshAt)
            return _wait;
        _refreshAt = now + RefreshEvery;
        var quantile = _latencies.Quantile(now, _policy.AfterQuantile.GetValueOrDefault());
        return _wait = _latencies.Count < MinSamples ? Never : Math.Max(Shortest, quantile);
    }

    /// <summary>The latency of an attempt that was answered; of the loser of two, what it had taken when it was cancelled.</summary>
    public void Observe(long now, long latency) => _latencies?.Add(now, latency);

    /// <summary>Whether one more attempt is sent now; a yes has spent one of the budget.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="made">Hedges of the request so far.</param>
    /// <param name="budget">The loop's share of the service's budget.</param>
    public bool TryHedge(long now, int made, RetryBudgetShare budget) => made < _policy.Max && budget.TryWithdraw(now);
}
