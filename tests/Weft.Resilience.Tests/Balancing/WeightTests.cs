namespace Weft.Resilience.Tests.Balancing;

public sealed class WeightTests
{
    private const int Picks = 40_000;

    public static TheoryData<BalancerKind> Kinds => new(Enum.GetValues<BalancerKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equal_weights_share_equally(BalancerKind kind) => AssertShares(kind, [1, 1, 1, 1, 1, 1, 1]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Shares_follow_weights(BalancerKind kind) => AssertShares(kind, [1, 2, 3, 4]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_endpoint_may_hold_most_of_the_weight(BalancerKind kind) => AssertShares(kind, [0.9, 0.05, 0.05]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_endpoints_share_nine_to_one(BalancerKind kind) => AssertShares(kind, [9, 1]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tiny_and_huge_weights_of_the_same_proportion_are_alike(BalancerKind kind)
    {
        AssertShares(kind, [2e-9, 6e-9]);
        AssertShares(kind, [2e8, 6e8]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weight_zero_gets_nothing(BalancerKind kind) => AssertShares(kind, [0, 1, 0, 1]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void When_every_weight_is_zero_all_count_the_same(BalancerKind kind) =>
        AssertShares(kind, [0, 0, 0], [1, 1, 1]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_changed_weight_counts_from_the_next_pick(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1);
        bench.Shares(100);
        bench.Loads[0].Weight = 3;
        AssertNear([3, 1], bench.Shares(Picks), Picks);
    }

    /// <summary>Calls overlap, so that what counts is the load in flight and no longer who was drawn.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Calls_in_flight_follow_weights(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1, 2, 4);
        var flight = new Queue<StartedCall>();
        var sums = new double[4];
        for (var i = 0; i < Picks; i++)
        {
            bench.Now += 50_000;
            if (flight.Count == 80)
                bench.Balancer.Finish(flight.Dequeue(), bench.Now, 80 * 50_000, CallOutcome.Success);
            flight.Enqueue(bench.Balancer.Start(bench.Pick()));
            for (var j = 0; j < sums.Length; j++)
                sums[j] += bench.Loads[j].InFlight;
        }

        var total = sums.Sum();
        Assert.Equal(0.125, sums[0] / total, 0.02);
        Assert.Equal(0.125, sums[1] / total, 0.02);
        Assert.Equal(0.25, sums[2] / total, 0.02);
        Assert.Equal(0.5, sums[3] / total, 0.02);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_is_no_weight_is_refused(double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EndpointLoad(weight));

    private static void AssertShares(BalancerKind kind, double[] weights, double[]? expected = null) =>
        AssertNear(expected ?? weights, new BalancerBench(kind, weights).Shares(Picks), Picks);

    // Five standard deviations of a binomial share: a seeded run that fails this is a wrong algorithm, not bad luck.
    private static void AssertNear(double[] weights, double[] shares, int picks)
    {
        var total = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            var p = weights[i] / total;
            Assert.Equal(p, shares[i], (5 * Math.Sqrt(p * (1 - p) / picks)) + 1e-9);
        }
    }
}
