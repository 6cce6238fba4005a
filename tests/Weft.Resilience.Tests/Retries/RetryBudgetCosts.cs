using System.Diagnostics;

namespace Weft.Resilience.Tests.Retries;

/// <summary>What a budget costs; run by hand, with <c>-explicit only</c>. The figures stand in docs/resilience.md.</summary>
public sealed class RetryBudgetCosts(ITestOutputHelper output)
{
    private const int Times = 20_000_000;

    [Fact(Explicit = true)]
    public void a_deposit_costs_a_nanosecond_or_two_and_a_withdrawal_grows_with_the_loops()
    {
        foreach (var loops in new[] { 1, 4, 64 })
        {
            var budget = new RetryBudget(new RetryBudgetOptions { Ratio = 1 });
            var shares = Enumerable.Range(0, loops).Select(_ => budget.Join()).ToArray();
            var deposit = NanosecondsOf(Times, i => shares[0].Deposit(i));
            var withdraw = NanosecondsOf(Times / 100, i => shares[0].TryWithdraw(i));
            output.WriteLine($"{loops} loops: deposit {deposit:F1} ns, withdraw {withdraw:F0} ns");
        }
    }

    private static double NanosecondsOf(int times, Action<long> action)
    {
        for (var i = 0; i < times / 10; i++)
            action(i);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
            action(i);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / times;
    }
}
