namespace Weft.Resilience.Tests.Balancing;

public sealed class ZoneTests
{
    private const int Picks = 20_000;
    private static readonly BalancerOptions Options = new() { PreferLocal = true };

    public static TheoryData<BalancerKind> Kinds => new(Enum.GetValues<BalancerKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void the_local_zone_gets_all_while_enough_of_it_is_in_service(BalancerKind kind)
    {
        var bench = Bench(kind);
        Assert.Equal(1, LocalShare(bench));
        bench.Loads[0].Available = false; // 3 of 4: 1.4 times 75 % is more than all.
        Assert.Equal(1, LocalShare(bench));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void what_the_local_zone_cannot_carry_goes_to_the_others_by_their_weights(BalancerKind kind)
    {
        var bench = Bench(kind);
        bench.Loads[0].Available = bench.Loads[1].Available = false;
        var shares = bench.Shares(Picks);
        Assert.Equal(0.7, shares[2] + shares[3], 0.02);
        Assert.Equal(0.1, shares[4], 0.02);
        Assert.Equal(0.2, shares[5], 0.02);

        bench.Loads[2].Available = false;
        Assert.Equal(0.35, LocalShare(bench), 0.02);
        bench.Loads[3].Available = false;
        Assert.Equal(0, LocalShare(bench));
        foreach (var load in bench.Loads)
            load.Available = true;
        Assert.Equal(1, LocalShare(bench));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void a_retry_leaves_the_zone_only_when_nobody_else_is_in_it(BalancerKind kind)
    {
        var bench = Bench(kind);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(bench.Pick(bench.Loads[..3]), 3, 3));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(bench.Pick(bench.Loads[..4]), 4, 5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void without_local_endpoints_zones_say_nothing(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, Options, 1, 1);
        Assert.Equal(0.5, bench.Shares(4000)[0], 0.05);
    }

    [Fact]
    public void in_panic_the_local_zone_counts_as_whole()
    {
        var bench = new BalancerBench(BalancerKind.Random, Options with { PanicBelow = 0.5 }, 1, 1, 1, 1);
        bench.Loads[0].IsLocal = bench.Loads[1].IsLocal = true;
        bench.Loads[0].Available = bench.Loads[1].Available = bench.Loads[2].Available = false;
        Assert.Equal(1, LocalShare(bench));
    }

    /// <summary>Four local endpoints, and two of another zone with weights 1 and 2.</summary>
    private static BalancerBench Bench(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, Options, 1, 1, 1, 1, 1, 2);
        foreach (var load in bench.Loads[..4])
            load.IsLocal = true;
        return bench;
    }

    private static double LocalShare(BalancerBench bench) =>
        bench.Shares(Picks).Zip(bench.Loads, (share, load) => load.IsLocal ? share : 0).Sum();
}
