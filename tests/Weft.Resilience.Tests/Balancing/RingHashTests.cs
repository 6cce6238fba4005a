namespace Weft.Resilience.Tests.Balancing;

public sealed class RingHashTests
{
    private const int Keys = 4000;

    [Fact]
    public void a_key_stays_with_its_endpoint_in_every_proxy()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, 1, 1, 1, 1, 1);
        var other = Balancer.Create(BalancerKind.RingHash, new LoopRandom(1));
        other.Update([.. bench.Loads.Reverse().Select(load => new EndpointLoad(load.Weight, load.Identity))]);
        for (var key = 0; key < Keys; key++)
        {
            var index = Home(bench, key);
            Assert.Equal(index, Home(bench, key));
            Assert.Equal(bench.Loads[index].Identity, other.Endpoints[other.PickByKey(0, Hash(key))].Identity);
        }
    }

    [Fact]
    public void keys_spread_by_weight()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, 1, 2, 3, 4);
        var counts = new int[4];
        for (var key = 0; key < Keys; key++)
            counts[Home(bench, key)]++;
        for (var i = 0; i < 4; i++)
            Assert.Equal((i + 1) / 10.0, counts[i] / (double)Keys, 0.03);
    }

    [Fact]
    public void when_an_endpoint_is_out_only_its_keys_move_to_many_others_and_come_home()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, 1, 1, 1, 1, 1);
        var homes = Enumerable.Range(0, Keys).Select(key => Home(bench, key)).ToArray();
        bench.Loads[2].Available = false;
        var taken = new int[5];
        for (var key = 0; key < Keys; key++)
        {
            var now = Home(bench, key);
            if (homes[key] == 2)
                taken[now]++;
            else
                Assert.Equal(homes[key], now);
        }

        Assert.All([taken[0], taken[1], taken[3], taken[4]], count => Assert.InRange(count, 150, 250));
        bench.Loads[2].Available = true;
        Assert.Equal(homes, Enumerable.Range(0, Keys).Select(key => Home(bench, key)));
    }

    [Fact]
    public void a_retry_goes_to_the_next_endpoint_of_the_key_always_the_same()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, 1, 1, 1, 1, 1);
        for (var key = 0; key < 200; key++)
        {
            var home = bench.Loads[Home(bench, key)];
            var next = bench.Balancer.PickByKey(0, Hash(key), [home]);
            Assert.NotSame(home, bench.Loads[next]);
            Assert.Equal(next, bench.Balancer.PickByKey(0, Hash(key), [home]));
            home.Available = false;
            Assert.Equal(next, Home(bench, key));
            home.Available = true;
        }
    }

    [Fact]
    public void a_hot_key_does_not_load_its_endpoint_beyond_the_bound()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, new BalancerOptions { HashBound = 1.25 }, 1, 1, 1, 1);
        for (var i = 0; i < 400; i++)
            bench.Balancer.Start(bench.Balancer.PickByKey(0, Hash(1)));
        Assert.All(bench.Loads, load => Assert.InRange(load.InFlight, 0, 125));
        Assert.Equal(125, bench.Loads.Max(load => load.InFlight));
    }

    [Fact]
    public void a_pick_by_key_allocates_nothing()
    {
        var bench = new BalancerBench(BalancerKind.RingHash, 1, 2, 3, 4, 5);
        var tried = new[] { bench.Loads[4] };
        bench.Balancer.PickByKey(0, 1);
        bench.Balancer.PickByKey(0, 1, tried);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var key = 0UL; key < 10_000; key++)
        {
            bench.Balancer.PickByKey(0, key * 0x9E3779B97F4A7C15);
            bench.Balancer.PickByKey(0, key * 0x9E3779B97F4A7C15, tried);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
    }

    private static ulong Hash(int key) => StableHash.Combine(5, (ulong)key);

    private static int Home(BalancerBench bench, int key) => bench.Balancer.PickByKey(bench.Now, Hash(key));
}
