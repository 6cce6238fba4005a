namespace Weft.Resilience.Tests.Limits;

public sealed class AdaptiveLimitTests
{
    private static readonly AdaptiveLimitOptions Options = new() { ProbeEvery = TimeSpan.FromSeconds(5) };

    /// <summary>Ten workers of 10 ms each can do 1000 calls a second; 3000 are offered.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(300)]
    public void under_three_times_its_capacity_a_server_does_its_work_in_bounded_time(int initial)
    {
        var random = new LoopRandom(3);
        var limit = new AdaptiveLimit(Options with { Initial = initial }, random);
        var run = new QueueSimulation(random, workers: 10, meanMilliseconds: 10);
        run.Run(3000, seconds: 20, limit.TryEnter, (now, latency) => limit.Exit(now, latency, CallOutcome.Success));
        Assert.InRange(limit.Limit, 3, 40);
        Assert.True(run.ServedPerSecond(after: 10) > 850, $"{run.ServedPerSecond(10)} a second");
        Assert.True(run.P99Milliseconds(after: 10) < 100, $"{run.P99Milliseconds(10)} ms");
    }

    [Fact]
    public void without_a_limit_it_does_not()
    {
        var run = new QueueSimulation(new LoopRandom(3), workers: 10, meanMilliseconds: 10);
        run.Run(3000, seconds: 20, () => true, (_, _) => { });
        Assert.True(run.P99Milliseconds(after: 10) > 5000);
    }

    [Fact]
    public void a_server_with_room_is_given_more()
    {
        var random = new LoopRandom(3);
        var limit = new AdaptiveLimit(Options with { Initial = 2 }, random);
        var run = new QueueSimulation(random, workers: 200, meanMilliseconds: 10);
        run.Run(10_000, seconds: 20, limit.TryEnter, (now, latency) => limit.Exit(now, latency, CallOutcome.Success));
        Assert.True(run.ServedPerSecond(after: 15) > 9000, $"{run.ServedPerSecond(15)} a second");
    }

    [Fact]
    public void a_limit_that_nobody_reaches_does_not_grow()
    {
        var limit = new AdaptiveLimit(Options, new LoopRandom(3));
        for (var now = 0L; now < 4_000_000_000; now += 1_000_000)
        {
            Assert.True(limit.TryEnter());
            limit.Exit(now, 500_000, CallOutcome.Success);
        }

        Assert.InRange(limit.Limit, 1, Options.Initial);
    }

    [Fact]
    public void calls_that_fail_for_want_of_capacity_lower_it_to_the_minimum()
    {
        var limit = new AdaptiveLimit(Options, new LoopRandom(3));
        for (var now = 0L; now < 4_000_000_000; now += 1_000_000)
        {
            Assert.True(limit.TryEnter());
            limit.Exit(now, 500_000, CallOutcome.Failure);
        }

        Assert.Equal(Options.Min, limit.Limit);
        Assert.Throws<InvalidOperationException>(() => limit.Exit(0, 0, CallOutcome.Success));
    }

    [Fact]
    public void a_fixed_limit_is_exact_over_threads()
    {
        var limit = new ConcurrencyLimit(10);
        var most = 0;
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    if (!limit.TryEnter())
                        continue;
                    most = Math.Max(most, limit.InFlight);
                    limit.Exit();
                }
            }
        );
        Assert.InRange(most, 1, 10);
        Assert.Equal(0, limit.InFlight);
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => limit.TryEnter()));
        Assert.Throws<InvalidOperationException>(() => new ConcurrencyLimit(1).Exit());
    }
}
