namespace Weft.Resilience.Tests.Balancing;

public sealed class RoundRobinTests
{
    [Fact]
    public void Equal_weights_rotate()
    {
        var bench = new BalancerBench(BalancerKind.RoundRobin, 1, 1, 1, 1, 1);
        var first = Enumerable.Range(0, 5).Select(_ => bench.Pick()).ToArray();
        Assert.Equal([0, 1, 2, 3, 4], first.Order());
        for (var round = 0; round < 100; round++)
            Assert.Equal(first, Enumerable.Range(0, 5).Select(_ => bench.Pick()));
    }

    [Fact]
    public void Heavy_endpoints_take_their_turns_apart_and_not_in_a_row()
    {
        var bench = new BalancerBench(BalancerKind.RoundRobin, 5, 1, 1);
        var picks = Enumerable.Range(0, 700).Select(_ => bench.Pick()).ToArray();
        // Any 7 picks in a row hold each endpoint as often as its weight says, give or take one.
        for (var start = 0; start + 7 <= picks.Length; start++)
        {
            var window = picks.AsSpan(start, 7);
            Assert.InRange(window.Count(0), 4, 6);
            Assert.InRange(window.Count(1), 0, 2);
            Assert.InRange(window.Count(2), 0, 2);
        }
    }

    [Fact]
    public void Loops_with_other_seeds_start_elsewhere()
    {
        var starts = new HashSet<int>();
        for (var seed = 0UL; seed < 50; seed++)
        {
            var balancer = Balancer.Create(BalancerKind.RoundRobin, new LoopRandom(seed));
            balancer.Update([new EndpointLoad(), new EndpointLoad(), new EndpointLoad(), new EndpointLoad()]);
            starts.Add(balancer.Pick(0));
        }

        Assert.Equal(4, starts.Count);
    }

    [Fact]
    public void An_endpoint_that_comes_back_does_not_catch_up()
    {
        var bench = new BalancerBench(BalancerKind.RoundRobin, 1, 1);
        bench.Loads[0].Available = false;
        bench.Shares(1000);
        bench.Loads[0].Available = true;
        Assert.Equal(0.5, bench.Shares(20)[0], 0.051);
    }

    [Fact]
    public void A_retry_elsewhere_counts_as_that_endpoints_turn()
    {
        var bench = new BalancerBench(BalancerKind.RoundRobin, 1, 1, 1);
        var counts = new int[3];
        for (var i = 0; i < 300; i++)
        {
            var first = bench.Pick();
            counts[first]++;
            counts[bench.Pick(bench.Loads[first])]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 195, 205));
    }
}
