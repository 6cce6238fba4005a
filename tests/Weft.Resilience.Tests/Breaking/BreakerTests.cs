using static Weft.Resilience.Tests.Balancing.BalancerBench;
using BalancerBench = Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Breaking;

public sealed class BreakerTests
{
    private static readonly BalancerOptions FiveInARow = new()
    {
        Breaker = new BreakerPolicy
        {
            ConsecutiveFailures = 5,
            Backoff = new Backoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(300), BackoffJitter.None),
        },
    };

    private static readonly BalancerOptions BelowFourFifths = FiveInARow with
    {
        Breaker = FiveInARow.Breaker! with
        {
            ConsecutiveFailures = null,
            SuccessRate = new SuccessRate(0.8, TimeSpan.FromSeconds(30), MinRequests: 5),
        },
    };

    [Fact]
    public void five_failures_in_a_row_take_an_endpoint_out_and_four_do_not()
    {
        var bench = Bench(FiveInARow);
        Fail(bench, 0, 4);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
        Fail(bench, 0, 1);
        Assert.Equal(EndpointState.Ejected, bench.Loads[0].StateAt(bench.Now));
        Assert.Equal(EjectionCause.Consecutive, bench.Loads[0].Cause);
        Assert.Equal(0, bench.Shares(100)[0]);
    }

    [Fact]
    public void a_success_in_between_begins_the_row_anew_and_an_ignored_call_does_not()
    {
        var bench = Bench(FiveInARow);
        Fail(bench, 0, 4);
        bench.Call(0, Millisecond);
        Fail(bench, 0, 4);
        Assert.Null(bench.Loads[0].Cause);
        bench.Call(0, Millisecond, CallOutcome.Ignored);
        Fail(bench, 0, 1);
        Assert.NotNull(bench.Loads[0].Cause);
    }

    [Fact]
    public void a_rate_below_the_threshold_takes_an_endpoint_out_once_there_are_enough_calls()
    {
        var bench = Bench(BelowFourFifths);
        Fail(bench, 0, 4);
        Assert.Null(bench.Loads[0].Cause);
        Fail(bench, 0, 1);
        Assert.Equal(EjectionCause.SuccessRate, bench.Loads[0].Cause);
    }

    [Fact]
    public void a_rate_at_the_threshold_is_good_enough_and_old_calls_do_not_count()
    {
        var bench = Bench(BelowFourFifths);
        for (var i = 0; i < 8; i++)
            bench.Call(0, Millisecond);
        Fail(bench, 0, 2);
        Assert.Null(bench.Loads[0].Cause);
        bench.Now = 31 * Second;
        Fail(bench, 0, 4);
        Assert.Null(bench.Loads[0].Cause);
        Fail(bench, 0, 1);
        Assert.NotNull(bench.Loads[0].Cause);
    }

    [Fact]
    public void when_its_time_is_up_one_call_at_a_time_probes_it()
    {
        var bench = Ejected();
        bench.Now = (5 * Second) - 1;
        Assert.All(Enumerable.Range(0, 50), _ => Assert.NotEqual(0, bench.Pick()));
        bench.Now++;
        Assert.Equal(EndpointState.Probing, bench.Loads[0].StateAt(bench.Now));
        var probe = StartAt(bench, 0);
        Assert.True(probe.IsProbe);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.NotEqual(0, bench.Pick()));
        Assert.Equal(EndpointState.Probing, bench.Loads[0].StateAt(bench.Now));

        bench.Balancer.Finish(probe, bench.Now, Millisecond, CallOutcome.Success);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
        Assert.Null(bench.Loads[0].Cause);
        Fail(bench, 0, 4);
        Assert.Null(bench.Loads[0].Cause);
    }

    [Fact]
    public void each_failed_probe_doubles_the_time_up_to_the_maximum_and_a_success_forgets_it()
    {
        var bench = Ejected();
        foreach (var seconds in new[] { 5, 10, 20, 40, 80, 160, 300, 300 })
        {
            bench.Now += (seconds * Second) - 1;
            Assert.Equal(EndpointState.Ejected, bench.Loads[0].StateAt(bench.Now));
            bench.Now++;
            Probe(bench, CallOutcome.Failure);
        }

        bench.Now += 300 * Second;
        Probe(bench, CallOutcome.Success);
        Fail(bench, 0, 5);
        bench.Now += 5 * Second;
        Assert.Equal(EndpointState.Probing, bench.Loads[0].StateAt(bench.Now));
    }

    [Fact]
    public void the_time_out_of_service_is_jittered_from_the_first_on()
    {
        var waits = new HashSet<long>();
        for (var seed = 0UL; seed < 50; seed++)
        {
            var watcher = new RecordingWatcher();
            var options = FiveInARow with { Breaker = new BreakerPolicy { ConsecutiveFailures = 1 } };
            var balancer = Balancer.Create(BalancerKind.Random, new LoopRandom(seed), options);
            balancer.Watcher = watcher;
            balancer.Update([new EndpointLoad(), new EndpointLoad()]);
            balancer.Finish(balancer.Start(0), 0, 1, CallOutcome.Failure);
            Assert.InRange(watcher.LastWait, 2.5 * Second, 5.0 * Second);
            waits.Add(watcher.LastWait);
        }

        Assert.True(waits.Count > 45);
    }

    [Fact]
    public void a_probe_that_says_nothing_is_made_again_at_once()
    {
        var bench = Ejected();
        bench.Now += 5 * Second;
        Probe(bench, CallOutcome.Ignored);
        Assert.Equal(EndpointState.Probing, bench.Loads[0].StateAt(bench.Now));
        Probe(bench, CallOutcome.Success);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
    }

    [Fact]
    public void a_probe_that_does_not_come_back_is_not_waited_for_for_ever()
    {
        var bench = Ejected();
        bench.Now += 5 * Second;
        var stream = StartAt(bench, 0);
        bench.Now += 5 * Second;
        Probe(bench, CallOutcome.Success);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
        bench.Balancer.Finish(stream, bench.Now, Second, CallOutcome.Failure);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
    }

    [Fact]
    public void calls_from_before_the_ejection_decide_nothing()
    {
        var bench = Bench(FiveInARow);
        var early = Enumerable.Range(0, 3).Select(_ => bench.Balancer.Start(0)).ToArray();
        Fail(bench, 0, 5);
        bench.Balancer.Finish(early[0], bench.Now, Millisecond, CallOutcome.Success);
        Assert.Equal(EndpointState.Ejected, bench.Loads[0].StateAt(bench.Now));
        bench.Now += 5 * Second;
        var probe = StartAt(bench, 0);
        bench.Balancer.Finish(early[1], bench.Now, 5 * Second, CallOutcome.Failure);
        bench.Balancer.Finish(early[2], bench.Now, 5 * Second, CallOutcome.Success);
        Assert.Equal(EndpointState.Probing, bench.Loads[0].StateAt(bench.Now));
        bench.Balancer.Finish(probe, bench.Now, Millisecond, CallOutcome.Success);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(bench.Now));
    }

    [Fact]
    public void an_endpoint_keeps_its_circuit_when_the_members_change()
    {
        var bench = Ejected();
        bench.Balancer.Update([new EndpointLoad(), bench.Loads[0]]);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(0, bench.Pick()));
    }

    private static BalancerBench Bench(BalancerOptions options) => new(BalancerKind.LeastRequest, options, 1, 1, 1, 1);

    private static BalancerBench Ejected()
    {
        var bench = Bench(FiveInARow);
        Fail(bench, 0, 5);
        return bench;
    }

    private static void Fail(BalancerBench bench, int index, int times)
    {
        for (var i = 0; i < times; i++)
            bench.Call(index, Millisecond, CallOutcome.Failure);
    }

    private static StartedCall StartAt(BalancerBench bench, int index)
    {
        Assert.True(Enumerable.Range(0, 200).Any(_ => bench.Pick() == index), "it was not picked");
        return bench.Balancer.Start(index);
    }

    private static void Probe(BalancerBench bench, CallOutcome outcome)
    {
        var probe = StartAt(bench, 0);
        Assert.True(probe.IsProbe);
        bench.Balancer.Finish(probe, bench.Now, Millisecond, outcome);
    }
}
