using static Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Balancing;

public sealed class PeakEwmaTests
{
    [Fact]
    public void The_faster_of_two_is_chosen()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1);
        bench.Call(0, 20 * Millisecond);
        bench.Call(1, 10 * Millisecond);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(1, bench.Pick()));
    }

    [Fact]
    public void Costs_that_differ_by_less_than_a_fifth_are_the_same_and_weights_decide()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 3);
        bench.Call(0, 9 * Millisecond);
        bench.Call(1, 10 * Millisecond);
        Assert.InRange(Enumerable.Range(0, 4000).Count(_ => bench.Pick() == 1), 2850, 3150);
    }

    [Fact]
    public void Calls_in_flight_multiply_the_cost()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1);
        bench.Call(0, 30 * Millisecond);
        bench.Call(1, 10 * Millisecond);
        bench.Balancer.Start(1); // 10 * 2 is still below 30
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(1, bench.Pick()));
        bench.Balancer.Start(1);
        bench.Balancer.Start(1); // 10 * 4 is above
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(0, bench.Pick()));
    }

    [Fact]
    public void A_cold_endpoint_gets_one_call_until_it_has_answered()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1);
        bench.Call(0, 20 * Millisecond);
        Assert.Equal(1, bench.Pick());
        var probe = bench.Balancer.Start(1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, bench.Pick()));
        bench.Balancer.Finish(probe, bench.Now, 1 * Millisecond, CallOutcome.Success);
        Assert.Equal(1, bench.Pick());
    }

    [Fact]
    public void An_endpoint_idle_for_long_is_cold_again()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1);
        bench.Call(1, 20 * Millisecond);
        bench.Now = 60 * Second;
        bench.Call(0, 20 * Millisecond);
        Assert.Equal(1, bench.Pick());
        bench.Balancer.Start(1);
        Assert.Equal(0, bench.Pick());
    }

    [Fact]
    public void When_all_are_cold_and_busy_calls_spread_by_number()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1, 1, 1);
        for (var i = 0; i < 400; i++)
            bench.Balancer.Start(bench.Pick());
        Assert.All(bench.Loads, load => Assert.InRange(load.InFlight, 80, 120));
    }

    [Fact]
    public void One_failure_among_many_successes_is_not_held_against_an_endpoint_for_long()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1, 1);
        for (var i = 0; i < 100; i++)
        {
            bench.Now += 10 * Millisecond;
            bench.Call(0, 5 * Millisecond, i == 50 ? CallOutcome.Failure : CallOutcome.Success);
            bench.Call(1, 10 * Millisecond);
        }

        // The failure filled 10 ms of the last 10 s: a thousandth of a second's penalty.
        Assert.Equal(0, bench.Pick());
    }

    [Theory]
    [InlineData(BalancerKind.Ewma)]
    [InlineData(BalancerKind.LeastRequest)]
    public void An_endpoint_that_fails_fast_does_not_attract_load(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1, 1, 1);
        var flight = new PriorityQueue<(StartedCall Call, long Start, int Index), long>();
        var failed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            bench.Now += 1 * Millisecond;
            while (flight.TryPeek(out var call, out var end) && end <= bench.Now)
            {
                flight.Dequeue();
                var outcome = call.Index == 0 ? CallOutcome.Failure : CallOutcome.Success;
                bench.Balancer.Finish(call.Call, end, end - call.Start, outcome);
            }

            var index = bench.Pick();
            failed += index == 0 ? 1 : 0;
            var latency = index == 0 ? 100_000 : 30 * Millisecond;
            flight.Enqueue((bench.Balancer.Start(index), bench.Now, index), bench.Now + latency);
        }

        // Its share by number would be 5000; by latency or by calls in flight alone, nearly all.
        Assert.InRange(failed, 0, 100);
    }
}
