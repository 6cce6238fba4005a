using System.Diagnostics;

namespace Weft.Resilience.Tests.Balancing;

/// <summary>What a call costs its balancer, from pick to finish; run by hand, with <c>-explicit only</c>.</summary>
public sealed class BalancerCosts(ITestOutputHelper output)
{
    private const int Times = 5_000_000;

    [Fact(Explicit = true)]
    public void a_call_costs_a_fraction_of_a_microsecond()
    {
        var breaker = new BreakerPolicy
        {
            ConsecutiveFailures = 5,
            SuccessRate = new SuccessRate(0.8, TimeSpan.FromSeconds(30), 5),
        };
        foreach (var kind in Enum.GetValues<BalancerKind>())
        {
            foreach (
                var options in new[]
                {
                    BalancerOptions.Default,
                    new BalancerOptions { Breaker = breaker },
                }
            )
            {
                var balancer = Balancer.Create(kind, new LoopRandom(1), options);
                balancer.Update([.. Enumerable.Range(0, 10).Select(i => new EndpointLoad(1, (ulong)i))]);
                Run(balancer, Times / 10);
                var started = Stopwatch.GetTimestamp();
                Run(balancer, Times);
                var each = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Times;
                output.WriteLine($"{kind}, breaker {(options.Breaker is null ? "off" : "on")}: {each:F0} ns");
            }
        }
    }

    private static void Run(Balancer balancer, int times)
    {
        for (var i = 0L; i < times; i++)
        {
            var now = i * 10_000;
            balancer.Finish(balancer.Start(balancer.PickByKey(now, (ulong)i)), now, 5000, CallOutcome.Success);
        }
    }
}
