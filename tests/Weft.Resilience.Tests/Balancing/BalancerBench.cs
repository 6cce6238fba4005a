namespace Weft.Resilience.Tests.Balancing;

/// <summary>A balancer of one kind over endpoints of given weights, with a seeded generator and a clock that tests move.</summary>
internal sealed class BalancerBench
{
    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    public BalancerBench(BalancerKind kind, params double[] weights)
        : this(kind, BalancerOptions.Default, weights) { }

    public BalancerBench(BalancerKind kind, BalancerOptions options, params double[] weights)
    {
        Balancer = Balancer.Create(kind, new LoopRandom(20_240_229), options);
        Loads = [.. weights.Select((weight, i) => new EndpointLoad(weight, StableHash.Combine(1, (ulong)i)))];
        Balancer.Update(Loads);
    }

    public Balancer Balancer { get; }

    public EndpointLoad[] Loads { get; }

    public long Now { get; set; }

    public int Pick(params EndpointLoad[] tried) => Balancer.Pick(Now, tried);

    /// <summary>One call to a given endpoint, from start to end.</summary>
    public void Call(int index, long latency, CallOutcome outcome = CallOutcome.Success) =>
        Balancer.Finish(Balancer.Start(index), Now, latency, outcome);

    /// <summary>The share of each endpoint in many picks; every call takes the same time, with nothing else in flight.</summary>
    public double[] Shares(int picks, long latency = 5 * Millisecond)
    {
        var counts = new double[Loads.Length];
        for (var i = 0; i < picks; i++)
        {
            var index = Pick();
            counts[index]++;
            Now += latency;
            Call(index, latency);
        }

        return [.. counts.Select(count => count / picks)];
    }
}
