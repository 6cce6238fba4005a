using FsCheck;
using FsCheck.Fluent;
using static Weft.Resilience.Tests.Balancing.BalancerBench;
using BalancerBench = Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Breaking;

public sealed class EjectionLimitTests
{
    private static readonly BalancerOptions OneStrike = new()
    {
        Breaker = new BreakerPolicy { ConsecutiveFailures = 1 },
        MaxEjected = 0.5,
        PanicBelow = 0.5,
    };

    [Theory]
    [InlineData(1, 0.5, 0)]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 0.5, 1)]
    [InlineData(10, 0.5, 5)]
    [InlineData(10, 0.3, 3)]
    [InlineData(100, 0.29, 29)]
    [InlineData(4, 1, 4)]
    [InlineData(4, 0, 0)]
    public void never_more_than_the_limit_are_out_at_once_however_all_fail(int count, double limit, int expected)
    {
        var options = OneStrike with { MaxEjected = limit, PanicBelow = 0 };
        var bench = new BalancerBench(BalancerKind.Random, options, [.. Enumerable.Repeat(1.0, count)]);
        for (var i = 0; i < count; i++)
            bench.Call(i, 1, CallOutcome.Failure);
        Assert.Equal(expected, bench.Loads.Count(load => load.StateAt(0) == EndpointState.Ejected));
        Assert.Equal(count - expected, bench.Balancer.EjectionsRefused);
        Assert.Equal(expected == count, bench.Pick() == Balancer.None);
    }

    [Fact]
    public void endpoints_without_traffic_do_not_stand_in_for_those_with()
    {
        var bench = new BalancerBench(BalancerKind.Random, OneStrike, 1, 0, 0, 0);
        bench.Call(0, 1, CallOutcome.Failure);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(0));
    }

    [Fact]
    public void those_that_take_no_connections_are_always_out_and_leave_the_suspects_in()
    {
        var watcher = new RecordingWatcher();
        var bench = new BalancerBench(BalancerKind.Random, OneStrike with { PanicBelow = 0 }, 1, 1, 1, 1);
        bench.Balancer.Watcher = watcher;
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        bench.Balancer.HealthChecked(bench.Loads[1], healthy: false);
        bench.Balancer.HealthChecked(bench.Loads[1], healthy: false);
        bench.Call(2, 1, CallOutcome.Failure);
        bench.Balancer.ConnectFailed(bench.Loads[3], 0);
        Assert.Equal(
            ["ejected connect", "ejected health-check", "refused consecutive", "ejected connect"],
            watcher.Events
        );
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(2, bench.Pick()));
    }

    [Fact]
    public void with_fewer_in_service_than_the_threshold_all_are_used_and_counted()
    {
        var watcher = new RecordingWatcher();
        var bench = new BalancerBench(BalancerKind.RoundRobin, OneStrike, 1, 1, 1, 1);
        bench.Balancer.Watcher = watcher;
        bench.Balancer.HealthChecked(bench.Loads[0], healthy: false);
        bench.Balancer.HealthChecked(bench.Loads[1], healthy: false);
        Assert.Equal(0, bench.Shares(100)[0]);
        Assert.False(bench.Balancer.IsPanic);

        bench.Balancer.HealthChecked(bench.Loads[2], healthy: false);
        Assert.All(bench.Shares(100), share => Assert.Equal(0.25, share, 0.021));
        Assert.True(bench.Balancer.IsPanic);
        Assert.Equal(100, bench.Balancer.PanicPicks);

        bench.Balancer.HealthChecked(bench.Loads[0], healthy: true);
        Assert.Equal(0, bench.Shares(100)[1]);
        Assert.Equal(
            ["panic", "restored", "calm"],
            watcher.Events.Where(e => !e.Contains("ejected", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void a_single_endpoint_is_always_used_when_the_threshold_says_so()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, OneStrike, 1);
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        Assert.Equal(0, bench.Pick());
        Assert.Equal(1, bench.Balancer.PanicPicks);
    }

    [Fact]
    public void a_connection_brings_back_who_took_none_and_not_who_failed_calls()
    {
        var bench = new BalancerBench(BalancerKind.Random, OneStrike, 1, 1, 1, 1);
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        bench.Call(1, 1, CallOutcome.Failure);
        bench.Balancer.Connected(bench.Loads[0]);
        bench.Balancer.Connected(bench.Loads[1]);
        Assert.Equal(EndpointState.Ready, bench.Loads[0].StateAt(0));
        Assert.Equal(EndpointState.Ejected, bench.Loads[1].StateAt(0));
    }

    [Fact]
    public void a_probe_without_a_connection_takes_it_out_again_once()
    {
        var watcher = new RecordingWatcher();
        var bench = new BalancerBench(BalancerKind.Random, OneStrike, 1, 1);
        bench.Balancer.Watcher = watcher;
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        bench.Now = Second;
        Assert.True(Enumerable.Range(0, 200).Any(_ => bench.Pick() == 0), "it was not picked");
        var probe = bench.Balancer.Start(0);
        bench.Balancer.ConnectFailed(bench.Loads[0], bench.Now);
        bench.Balancer.Finish(probe, bench.Now, 1, CallOutcome.Failure);
        Assert.Equal(["ejected connect", "ejected connect"], watcher.Events);
        Assert.InRange(watcher.LastWait, 500 * Millisecond, Second);
    }

    [Fact]
    public void a_good_check_restores_who_took_no_connections_but_leaves_suspects_to_their_probe()
    {
        var bench = new BalancerBench(BalancerKind.Random, OneStrike, 1, 1, 1, 1);
        bench.Balancer.ConnectFailed(bench.Loads[0], 0);
        bench.Call(1, 1, CallOutcome.Failure);
        foreach (var load in bench.Loads[..2])
        {
            bench.Balancer.HealthChecked(load, healthy: false);
            Assert.Equal(EjectionCause.HealthCheck, load.Cause);
            bench.Balancer.HealthChecked(load, healthy: true);
        }

        Assert.Null(bench.Loads[0].Cause);
        Assert.Equal(EjectionCause.Consecutive, bench.Loads[1].Cause);
    }

    /// <summary>Whatever the calls, their order and their times, suspicion never takes out more than half.</summary>
    [Fact]
    public void no_history_ejects_more_than_the_limit() =>
        Prop.ForAll(
                Gen.Choose(0, 4).Zip(Gen.Choose(0, 3000)).Zip(Gen.Choose(0, 9)).ListOf().Resize(200).ToArbitrary(),
                calls =>
                {
                    var options = OneStrike with { PanicBelow = 0 };
                    var bench = new BalancerBench(BalancerKind.Random, options, 1, 1, 1, 1, 1);
                    foreach (var ((index, wait), luck) in calls)
                    {
                        bench.Now += wait * Millisecond;
                        if (luck == 9)
                            bench.Call(index, 1);
                        var picked = bench.Pick();
                        bench.Call(picked, 1, luck < 7 ? CallOutcome.Failure : CallOutcome.Success);
                        Assert.True(bench.Loads.Count(load => load.Cause is not null) <= 2);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithReplay(11, 13));

    [Fact]
    public void causes_have_the_words_of_the_metric() =>
        Assert.Equal(
            ["consecutive", "success-rate", "health-check", "connect"],
            Enum.GetValues<EjectionCause>().Select(cause => cause.Text())
        );
}
