using static Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Balancing;

public sealed class SlowStartTests
{
    private static readonly BalancerOptions Options = new()
    {
        SlowStart = TimeSpan.FromSeconds(16),
        SlowStartFrom = 0.1,
    };

    public static TheoryData<BalancerKind> Kinds => new(Enum.GetValues<BalancerKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void a_newcomer_carries_a_growing_share_of_its_weight(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, Options, 1, 1, 1);
        bench.Shares(100);
        bench.Balancer.Update([.. bench.Loads, new EndpointLoad(1, 77)]);

        // Its weight beside three whole ones, at the beginning, in the middle and at the end.
        Assert.Equal(0.1 / 3.1, ShareOfNewcomer(bench), 0.012);
        bench.Now += 8 * Second;
        Assert.Equal(0.55 / 3.55, ShareOfNewcomer(bench), 0.02);
        bench.Now += 8 * Second;
        Assert.Equal(0.25, ShareOfNewcomer(bench), 0.02);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void when_all_are_new_nobody_is_spared(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, Options, 1, 3);
        Assert.Equal(0.75, bench.Shares(4000)[1], 0.04);
    }

    [Fact]
    public void the_time_begins_with_the_first_pick_and_not_with_the_announcement()
    {
        var bench = new BalancerBench(BalancerKind.Random, Options, 1, 1, 1);
        bench.Balancer.Update([.. bench.Loads, new EndpointLoad()]);
        bench.Now = 3600 * Second;
        Assert.Equal(0.1 / 3.1, ShareOfNewcomer(bench), 0.01);
    }

    [Fact]
    public void who_comes_back_from_being_out_warms_up_again()
    {
        var bench = new BalancerBench(BalancerKind.Random, Options, 1, 1, 1, 1);
        bench.Balancer.HealthChecked(bench.Loads[3], healthy: false);
        bench.Pick();
        bench.Balancer.HealthChecked(bench.Loads[3], healthy: true);
        Assert.Equal(0.1 / 3.1, ShareOfNewcomer(bench), 0.01);
    }

    [Fact]
    public void a_key_moves_at_most_once_while_a_newcomer_warms_up_and_only_to_it()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, Options, 1, 1, 1);
        bench.Pick();
        var home = new int[2000];
        for (var key = 0; key < home.Length; key++)
            home[key] = bench.Balancer.PickByKey(bench.Now, StableHash.Combine(3, (ulong)key));
        var before = (int[])home.Clone();
        bench.Balancer.Update([.. bench.Loads, new EndpointLoad(1, 77)]);
        var strayed = 0;
        for (var second = 0; second <= 17; second++)
        {
            for (var key = 0; key < home.Length; key++)
            {
                var now = bench.Balancer.PickByKey(bench.Now, StableHash.Combine(3, (ulong)key));
                Assert.True(home[key] != 3 || now == 3, "a key that had moved to the newcomer left it");
                strayed += now != 3 && now != before[key] ? 1 : 0;
                home[key] = now;
            }

            bench.Now += Second;
        }

        // Of Maglev's own making: some slots change hands among those that stay.
        Assert.InRange(strayed, 0, home.Length * 18 / 2);
        Assert.Equal(0.25, home.Count(index => index == 3) / (double)home.Length, 0.04);
    }

    private static double ShareOfNewcomer(BalancerBench bench)
    {
        var count = 0;
        for (var i = 0; i < 8000; i++)
        {
            var index = bench.Pick();
            count += index == 3 ? 1 : 0;
            bench.Call(index, 5 * Millisecond);
        }

        return count / 8000.0;
    }
}
