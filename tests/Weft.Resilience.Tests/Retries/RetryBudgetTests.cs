using FsCheck;
using FsCheck.Fluent;
using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Retries;

public sealed class RetryBudgetTests
{
    private static readonly RetryBudgetOptions QuarterOfTwoSeconds = new()
    {
        Ratio = 0.25,
        Window = TimeSpan.FromSeconds(2),
        MinPerSecond = 0,
    };

    [Fact]
    public void a_quarter_of_two_hundred_requests_is_fifty_retries_and_the_next_is_refused()
    {
        var share = new RetryBudget(QuarterOfTwoSeconds).Join();
        for (var i = 0; i < 200; i++)
            share.Deposit(i * 9 * PerMillisecond);
        Assert.Equal(50, share.Balance(1800 * PerMillisecond));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(share.TryWithdraw(1800 * PerMillisecond)));
        Assert.False(share.TryWithdraw(1800 * PerMillisecond));
        Assert.Equal(0, share.Balance(1800 * PerMillisecond));
    }

    [Fact]
    public void requests_count_until_the_window_has_passed()
    {
        var share = new RetryBudget(QuarterOfTwoSeconds).Join();
        for (var i = 0; i < 40; i++)
            share.Deposit(0);
        Assert.Equal(10, share.Balance(1799 * PerMillisecond));
        Assert.Equal(0, share.Balance(2000 * PerMillisecond));
        Assert.False(share.TryWithdraw(2000 * PerMillisecond));
    }

    [Fact]
    public void what_was_spent_comes_back_with_the_window_that_spent_it_and_not_before()
    {
        var share = new RetryBudget(QuarterOfTwoSeconds).Join();
        for (var i = 0; i < 4; i++)
            share.Deposit(0);
        Assert.True(share.TryWithdraw(1500 * PerMillisecond));
        for (var i = 0; i < 4; i++)
            share.Deposit(1600 * PerMillisecond);
        Assert.True(share.TryWithdraw(1700 * PerMillisecond));
        // The first four have left; the two that were spent have not.
        Assert.False(share.TryWithdraw(2500 * PerMillisecond));
    }

    [Fact]
    public void a_quiet_service_has_its_minimum()
    {
        var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 10 });
        var share = budget.Join();
        Assert.Equal(100, share.Balance(0));
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 20; i++)
                share.TryWithdraw(second * PerSecond);
        }

        Assert.Equal(0, share.Balance(59 * PerSecond));
    }

    [Fact]
    public void without_ratio_and_minimum_there_are_no_retries()
    {
        var share = new RetryBudget(new RetryBudgetOptions { Ratio = 0, MinPerSecond = 0 }).Join();
        share.Deposit(0);
        Assert.False(share.TryWithdraw(0));
    }

    [Fact]
    public void shares_of_all_loops_are_one_budget()
    {
        var budget = new RetryBudget(QuarterOfTwoSeconds);
        var one = budget.Join();
        var other = budget.Join();
        for (var i = 0; i < 100; i++)
            one.Deposit(0);
        Assert.All(Enumerable.Range(0, 25), _ => Assert.True(other.TryWithdraw(1)));
        Assert.False(one.TryWithdraw(2));
        one.Leave();
        Assert.Equal(0, budget.Balance(2));
    }

    [Theory]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.07, 100, 7)]
    [InlineData(1, 7, 7)]
    public void ratios_that_binary_fractions_cannot_hold_are_exact(double ratio, int requests, int retries)
    {
        var share = new RetryBudget(QuarterOfTwoSeconds with { Ratio = ratio }).Join();
        for (var i = 0; i < requests; i++)
            share.Deposit(0);
        Assert.Equal(retries, share.Balance(0));
    }

    /// <summary>Over the whole run and in every window: never more than the ratio of what was deposited by then.</summary>
    [Fact]
    public void no_history_of_requests_and_failures_gets_more_than_its_ratio() =>
        Prop.ForAll(
                Gen.Choose(0, 400_000_000).Zip(Gen.Choose(0, 2)).NonEmptyListOf().Resize(300).ToArbitrary(),
                steps =>
                {
                    var share = new RetryBudget(QuarterOfTwoSeconds).Join();
                    var (now, requests, retries) = (0L, 0, 0);
                    foreach (var (wait, what) in steps)
                    {
                        now += wait;
                        if (what == 0)
                        {
                            share.Deposit(now);
                            requests++;
                        }
                        else if (share.TryWithdraw(now))
                        {
                            retries++;
                        }

                        Assert.True(retries * 4 <= requests);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(3, 5));

    [Fact]
    public void loops_that_race_for_the_last_retries_never_get_more_than_there_are()
    {
        for (var round = 0; round < 50; round++)
        {
            var budget = new RetryBudget(QuarterOfTwoSeconds);
            var shares = Enumerable.Range(0, 4).Select(_ => budget.Join()).ToArray();
            foreach (var share in shares)
            {
                for (var i = 0; i < 100; i++)
                    share.Deposit(0);
            }

            var got = 0;
            Parallel.ForEach(
                shares,
                share =>
                {
                    for (var i = 0; i < 100; i++)
                    {
                        if (share.TryWithdraw(i))
                            Interlocked.Increment(ref got);
                    }
                }
            );
            Assert.InRange(got, 1, 100);
            while (shares[0].TryWithdraw(100))
                got++;
            Assert.Equal(100, got);
        }
    }

    [Fact]
    public void what_is_no_budget_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RetryBudget(QuarterOfTwoSeconds with { Ratio = double.NaN }));
        Assert.Throws<ArgumentException>(() => new RetryBudget(QuarterOfTwoSeconds with { MinPerSecond = -1 }));
        Assert.Throws<ArgumentException>(() => new RetryBudget(QuarterOfTwoSeconds with { Window = TimeSpan.Zero }));
    }
}
