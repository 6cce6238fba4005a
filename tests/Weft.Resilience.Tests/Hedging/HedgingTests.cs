using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Hedging;

public sealed class HedgingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void percentiles_are_right_to_seven_percent(double share)
    {
        var histogram = new LatencyHistogram(TimeSpan.FromSeconds(10));
        for (var i = 1; i <= 10_000; i++)
            histogram.Add(0, i * 10 * PerMicrosecond);
        var exact = share * 100 * PerMillisecond;
        Assert.InRange(histogram.Quantile(0, share), exact, exact * 1.13);
    }

    [Fact]
    public void latencies_are_forgotten_after_one_to_two_windows()
    {
        var histogram = new LatencyHistogram(TimeSpan.FromSeconds(10));
        histogram.Add(0, 5 * PerMillisecond);
        Assert.NotEqual(0, histogram.Quantile(19 * PerSecond, 0.5));
        Assert.Equal(0, histogram.Quantile(20 * PerSecond, 0.5));
        histogram.Add(20 * PerSecond, 5 * PerMillisecond);
        Assert.Equal(0, histogram.Quantile(500 * PerSecond, 0.5));
    }

    [Fact]
    public void the_shortest_and_longest_latencies_fall_into_the_outermost_buckets()
    {
        var histogram = new LatencyHistogram(TimeSpan.FromSeconds(10));
        histogram.Add(0, -5);
        histogram.Add(0, long.MaxValue);
        Assert.InRange(histogram.Quantile(0, 0.5), 1, 20 * PerMicrosecond);
        Assert.InRange(histogram.Quantile(0, 1), 120 * PerSecond, 200 * PerSecond);
    }

    [Fact]
    public void a_percentile_waits_for_enough_calls_and_then_follows_them()
    {
        var hedging = new Resilience.Hedging(new HedgePolicy { AfterQuantile = 0.95 });
        Assert.Equal(Resilience.Hedging.Never, hedging.Wait(0));
        for (var i = 0; i < 1000; i++)
            hedging.Observe(0, (i < 940 ? 10 : 80) * PerMillisecond);
        Assert.Equal(Resilience.Hedging.Never, hedging.Wait(99 * PerMillisecond));
        Assert.InRange(hedging.Wait(100 * PerMillisecond), 80 * PerMillisecond, 90 * PerMillisecond);
    }

    [Fact]
    public void a_fixed_time_holds_from_the_first_call_on() =>
        Assert.Equal(
            50 * PerMillisecond,
            new Resilience.Hedging(new HedgePolicy { After = TimeSpan.FromMilliseconds(50) }).Wait(0)
        );

    [Fact]
    public void hedges_spend_the_budget_of_retries_and_have_a_limit_of_their_own()
    {
        var options = new RetryBudgetOptions
        {
            Ratio = 0,
            MinPerSecond = 2,
            Window = TimeSpan.FromSeconds(1),
        };
        var budget = new RetryBudget(options).Join();
        var hedging = new Resilience.Hedging(new HedgePolicy { After = TimeSpan.FromMilliseconds(50) });
        Assert.False(hedging.TryHedge(0, 1, budget));
        Assert.True(hedging.TryHedge(0, 0, budget));
        Assert.True(budget.TryWithdraw(0));
        Assert.False(hedging.TryHedge(0, 0, budget));
    }

    [Fact]
    public void what_is_no_policy_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Resilience.Hedging(new HedgePolicy()));
        Assert.Throws<ArgumentException>(() => new Resilience.Hedging(new HedgePolicy { AfterQuantile = 1 }));
        Assert.Throws<ArgumentException>(() => new Resilience.Hedging(new HedgePolicy { After = TimeSpan.Zero }));
    }
}
