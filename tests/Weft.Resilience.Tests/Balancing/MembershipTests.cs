using static Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Balancing;

public sealed class MembershipTests
{
    public static TheoryData<BalancerKind> Kinds => new(Enum.GetValues<BalancerKind>());

    [Fact]
    public void Those_who_stay_keep_their_state_and_take_the_new_weight()
    {
        var table = new LoadTable<string>();
        var balancer = Balancer.Create(BalancerKind.Ewma, new LoopRandom(1));
        var before = table.Replace([("a:1", 1), ("b:1", 1)]);
        balancer.Update(before);
        balancer.Finish(balancer.Start(0), 0, 50 * Millisecond, CallOutcome.Success);
        balancer.Start(1);

        var after = table.Replace([("c:1", 1), ("b:1", 4), ("a:1", 2)]);
        balancer.Update(after);
        Assert.Same(before[0], after[2]);
        Assert.Same(before[1], after[1]);
        Assert.Equal([1.0, 4.0, 2.0], after.Select(load => load.Weight));
        Assert.Equal(1, after[1].InFlight);
        Assert.Equal(50 * Millisecond, after[2].History.Latency(0, 10.0 * Second));
    }

    [Fact]
    public void A_member_that_left_is_forgotten_by_the_table_but_can_still_finish_its_calls()
    {
        var table = new LoadTable<string>();
        var balancer = Balancer.Create(BalancerKind.LeastRequest, new LoopRandom(1));
        balancer.Update(table.Replace([("a:1", 1)]));
        var gone = balancer.Start(0);
        balancer.Update(table.Replace([]));
        Assert.Equal(Balancer.None, balancer.Pick(0));
        balancer.Finish(gone, 1, 1, CallOutcome.Success);
        Assert.Equal(0, gone.Load.InFlight);
        Assert.NotSame(gone.Load, table.Replace([("a:1", 1)])[0]);
    }

    [Fact]
    public void A_key_given_twice_is_refused_and_nothing_changes()
    {
        var table = new LoadTable<string>();
        var load = table.Replace([("a:1", 1)])[0];
        Assert.Throws<ArgumentException>(() => table.Replace([("a:1", 7), ("a:1", 8)]));
        Assert.Equal(1, load.Weight);
        Assert.Same(load, table.Replace([("a:1", 1)])[0]);
    }

    [Fact]
    public void A_load_given_twice_or_owned_by_another_balancer_is_refused()
    {
        var bench = new BalancerBench(BalancerKind.Random, 1, 1);
        Assert.Throws<ArgumentException>(() => bench.Balancer.Update([bench.Loads[0], bench.Loads[0]]));
        Assert.Equal(2, bench.Balancer.Endpoints.Length);
        var other = Balancer.Create(BalancerKind.Random, new LoopRandom(1));
        Assert.Throws<ArgumentException>(() => other.Update(bench.Loads));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_newcomer_gets_its_share_after_a_change_and_one_who_left_gets_nothing(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1, 1);
        bench.Shares(1000);
        var newcomer = new EndpointLoad();
        bench.Balancer.Update([bench.Loads[2], newcomer, bench.Loads[0]]);
        var counts = new int[3];
        for (var i = 0; i < 9000; i++)
        {
            bench.Now += 5 * Millisecond;
            var index = bench.Pick();
            counts[index]++;
            bench.Call(index, 5 * Millisecond);
        }

        Assert.All(counts, count => Assert.InRange(count, 2700, 3300));
    }

    [Fact]
    public void A_call_that_was_not_started_cannot_finish()
    {
        var bench = new BalancerBench(BalancerKind.Ewma, 1);
        Assert.Throws<InvalidOperationException>(() =>
            bench.Balancer.Finish(bench.Loads[0], 0, 0, CallOutcome.Success)
        );
    }
}
