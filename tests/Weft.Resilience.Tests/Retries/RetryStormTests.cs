using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Retries;

/// <summary>Three proxies in a row, each with retries, before a service that fails every call, at 1000 calls a second.</summary>
public sealed class RetryStormTests
{
    private const int Hops = 3;
    private const int Calls = 20_000;
    private static readonly RetryPolicy Policy = new() { On = RetryConditions.ServerError };
    private static readonly RetryPolicy Willing = Policy with { RetryRetries = true };
    private readonly LoopRandom _random = new(4);
    private readonly RetryBudgetShare[] _budgets = new RetryBudgetShare[Hops];
    private int _served;
    private long _now;
    private bool _retriesDeposit;

    [Fact]
    public void hops_that_say_that_they_have_given_up_cost_one_budget_in_all() =>
        Assert.InRange(LoadOf(Policy, tells: true), 1.15, 1.201);

    [Fact]
    public void retries_that_are_not_retried_add_up_and_do_not_multiply() =>
        Assert.InRange(LoadOf(Policy, tells: false), 1.2, 1.601);

    [Fact]
    public void retries_of_retries_are_bounded_too_as_long_as_they_add_nothing_to_budgets() =>
        Assert.InRange(LoadOf(Willing, tells: false), 1.2, 1.601);

    [Fact]
    public void otherwise_every_hop_multiplies() =>
        Assert.True(LoadOf(Willing, tells: false, retriesDeposit: true) > 1.7);

    /// <summary>What the service sees of each call.</summary>
    private double LoadOf(RetryPolicy policy, bool tells, bool retriesDeposit = false)
    {
        _retriesDeposit = retriesDeposit;
        for (var i = 0; i < Hops; i++)
            _budgets[i] = new RetryBudget(new RetryBudgetOptions { Ratio = 0.2, MinPerSecond = 0 }).Join();
        for (var i = 0; i < Calls; i++)
        {
            _now += PerMillisecond;
            Call(policy, tells, hop: 0, isRetry: false);
        }

        return _served / (double)Calls;
    }

    /// <summary>True when the answer says not to come again.</summary>
    private bool Call(RetryPolicy policy, bool tells, int hop, bool isRetry)
    {
        if (hop == Hops)
        {
            _served++;
            return false;
        }

        if (!isRetry || _retriesDeposit)
            _budgets[hop].Deposit(_now);
        var retries = new RetryState(policy, _budgets[hop], methodAllowed: true, isRetry);
        while (true)
        {
            var stop = Call(policy, tells, hop + 1, isRetry || retries.Made > 0);
            var report = new AttemptReport(AttemptEnd.Answered, 503, Hold: stop ? RetryHold.Stop : default);
            var decision = retries.Decide(report, _now, Deadline.Never, replayable: true, _random);
            if (!decision.Again)
                return tells && decision.Outcome != RetryOutcome.None;
        }
    }
}
