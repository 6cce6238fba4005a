namespace Weft.Resilience.Tests;

/// <summary>Nothing that is asked per request allocates, once its memory has grown to what it needs.</summary>
public sealed class AllocationTests
{
    private const int Times = 10_000;
    private readonly LoopRandom _random = new(1);

    [Fact]
    public void budgets_and_retries()
    {
        var budget = new RetryBudget(new RetryBudgetOptions()).Join();
        var policy = new RetryPolicy { On = RetryConditions.ServerError };
        AssertAllocatesNothing(now =>
        {
            budget.Deposit(now);
            var state = new RetryState(policy, budget, methodAllowed: true, isRetry: false);
            var report = new AttemptReport(AttemptEnd.Answered, 503, Hold: RetryHold.FromRetryAfter("1"u8, default));
            state.Decide(report, now, Deadline.After(now, TimeSpan.FromSeconds(3)), replayable: true, _random);
            budget.Balance(now);
        });
    }

    [Fact]
    public void circuits_that_open_and_close()
    {
        var options = new BalancerOptions
        {
            Breaker = new BreakerPolicy
            {
                ConsecutiveFailures = 2,
                SuccessRate = new SuccessRate(0.5, TimeSpan.FromSeconds(1), 5),
                Backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), BackoffJitter.Equal),
            },
            PanicBelow = 0.5,
            PreferLocal = true,
            SlowStart = TimeSpan.FromMilliseconds(10),
        };
        foreach (var kind in Enum.GetValues<BalancerKind>())
        {
            var balancer = Balancer.Create(kind, _random, options);
            balancer.Update([
                new EndpointLoad(1, 1) { IsLocal = true },
                new EndpointLoad(2, 2),
                new EndpointLoad(3, 3),
            ]);
            AssertAllocatesNothing(now =>
            {
                var call = balancer.Start(balancer.PickByKey(now, (ulong)now));
                if (now % 7 == 0)
                    balancer.ConnectFailed(call.Load, now);
                balancer.Finish(call, now, 5, now % 3 == 0 ? CallOutcome.Success : CallOutcome.Failure);
            });
        }
    }

    [Fact]
    public void limits_queues_and_hedges()
    {
        var rate = new RateLimit(1000, TimeSpan.FromSeconds(1));
        var keyed = new KeyedRateLimit(10, TimeSpan.FromSeconds(1), 0, 64, 9);
        var limit = new AdaptiveLimit(AdaptiveLimitOptions.Default, _random);
        var hedging = new Resilience.Hedging(new HedgePolicy { AfterQuantile = 0.95 });
        var options = new PendingOptions(100, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var queue = new PendingQueue<string>(options);
        AssertAllocatesNothing(now =>
        {
            rate.Take(now);
            keyed.Take("client"u8, now);
            if (limit.TryEnter())
                limit.Exit(now, 5, CallOutcome.Success);
            hedging.Observe(now, hedging.Wait(now) / 2);
            queue.Add("a", now);
            queue.Remove(queue.Add("b", now));
            queue.TryNext(now, out _);
        });
    }

    private static void AssertAllocatesNothing(Action<long> action)
    {
        for (var i = 0; i < Times; i++)
            action(i * Nanoseconds.PerMillisecond);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = Times; i < 2 * Times; i++)
            action(i * Nanoseconds.PerMillisecond);
        // A collection on another thread may close this thread's allocation context, which counts as up to 8 KiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
    }
}
