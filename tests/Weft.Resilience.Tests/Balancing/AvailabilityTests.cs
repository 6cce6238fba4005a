namespace Weft.Resilience.Tests.Balancing;

public sealed class AvailabilityTests
{
    public static TheoryData<BalancerKind> Kinds => new(Enum.GetValues<BalancerKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_members_means_none(BalancerKind kind) => Assert.Equal(Balancer.None, new BalancerBench(kind).Pick());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unavailable_endpoints_are_skipped_until_they_are_back(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1, 1, 1);
        bench.Loads[1].Available = false;
        var shares = bench.Shares(4000);
        Assert.Equal(0, shares[1]);
        Assert.All([shares[0], shares[2], shares[3]], share => Assert.Equal(1 / 3.0, share, 0.05));

        bench.Loads[1].Available = true;
        Assert.Equal(0.25, bench.Shares(8000)[1], 0.06);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void When_nobody_is_available_pick_says_so_and_the_caller_may_fail_open(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 1, 0);
        foreach (var load in bench.Loads)
            load.Available = false;
        Assert.Equal(Balancer.None, bench.Pick());
        for (var i = 0; i < 50; i++)
            Assert.InRange(bench.Balancer.Pick(0, evenUnavailable: true), 0, 1);
        Assert.Equal(Balancer.None, bench.Pick());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_endpoint_of_weight_zero_does_not_stand_in_for_unavailable_ones(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 0);
        bench.Loads[0].Available = false;
        Assert.Equal(Balancer.None, bench.Pick());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tried_endpoints_are_left_out(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 2, 3);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(1, bench.Pick(bench.Loads[0], bench.Loads[2]));
            Assert.NotEqual(2, bench.Pick(bench.Loads[2]));
        }

        Assert.Equal(Balancer.None, bench.Pick(bench.Loads));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_endpoint_is_always_it(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1);
        Assert.Equal([1.0], bench.Shares(1000));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pick_allocates_nothing(BalancerKind kind)
    {
        var bench = new BalancerBench(kind, 1, 2, 3, 4, 5);
        var tried = new[] { bench.Loads[4] };
        PickAndFinish(bench, tried);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            PickAndFinish(bench, tried);
        // A collection on another thread may close this thread's allocation context, which counts as up to 8 KiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);
    }

    private static void PickAndFinish(BalancerBench bench, EndpointLoad[] tried)
    {
        var balancer = bench.Balancer;
        balancer.Finish(balancer.Start(balancer.Pick(bench.Now)), bench.Now, 1000, CallOutcome.Success);
        balancer.Finish(balancer.Start(balancer.Pick(bench.Now, tried)), bench.Now, 1000, CallOutcome.Failure);
        bench.Now += 1000;
    }
}
