namespace Weft.Resilience.Tests.Simulation;

/// <summary>An endpoint of a simulated service.</summary>
/// <param name="MeanMilliseconds">Mean service time; service times are exponential.</param>
/// <param name="Workers">Calls served at once; more wait in a queue, first come first served.</param>
/// <param name="Fails">True when every call fails.</param>
/// <param name="Weight">Its weight in the balancer.</param>
internal sealed record SimulatedEndpoint(
    double MeanMilliseconds,
    int Workers = 4,
    bool Fails = false,
    double Weight = 1
);

/// <summary>What callers saw.</summary>
internal sealed record SimulationResult(double P50, double P99, double P999, double[] Shares, double Failures);

/// <summary>
/// A discrete-event simulation: calls arrive as a Poisson process, a balancer chooses where they go, endpoints serve them from
/// queues. Virtual time and one seed make every run the same.
/// </summary>
internal sealed class ServiceSimulation(BalancerKind kind, SimulatedEndpoint[] endpoints, double callsPerSecond)
{
    private const double NanosecondsPerMillisecond = 1e6;
    private readonly LoopRandom _random = new(9001);
    private readonly PriorityQueue<Call, long> _ends = new();
    private readonly Queue<Call>[] _waiting = [.. endpoints.Select(_ => new Queue<Call>())];
    private readonly int[] _busy = new int[endpoints.Length];

    private sealed record Call(int Endpoint, StartedCall Started, long Arrived);

    public SimulationResult Run(int calls)
    {
        var balancer = Balancer.Create(kind, new LoopRandom(4711));
        balancer.Update([.. endpoints.Select((endpoint, i) => new EndpointLoad(endpoint.Weight, (ulong)i))]);
        var latencies = new List<double>(calls);
        var counts = new double[endpoints.Length];
        var now = 0L;
        for (var i = 0; i < calls; i++)
        {
            now += Exponential(1000 / callsPerSecond);
            while (_ends.TryPeek(out _, out var end) && end <= now)
                latencies.Add(EndOne(balancer));
            var index = balancer.Pick(now);
            counts[index]++;
            Begin(new Call(index, balancer.Start(index), now), now);
        }

        while (_ends.Count > 0)
            latencies.Add(EndOne(balancer));
        latencies.Sort();
        var failures = counts.Where((_, i) => endpoints[i].Fails).Sum();
        return new SimulationResult(
            latencies[calls / 2],
            latencies[calls * 99 / 100],
            latencies[(int)(calls * 0.999)],
            [.. counts.Select(count => count / calls)],
            failures / calls
        );
    }

    private void Begin(Call call, long now)
    {
        if (_busy[call.Endpoint] == endpoints[call.Endpoint].Workers)
        {
            _waiting[call.Endpoint].Enqueue(call);
            return;
        }

        _busy[call.Endpoint]++;
        _ends.Enqueue(call, now + Exponential(endpoints[call.Endpoint].MeanMilliseconds));
    }

    private double EndOne(Balancer balancer)
    {
        _ends.TryDequeue(out var call, out var now);
        var outcome = endpoints[call!.Endpoint].Fails ? CallOutcome.Failure : CallOutcome.Success;
        balancer.Finish(call.Started, now, now - call.Arrived, outcome);
        _busy[call.Endpoint]--;
        if (_waiting[call.Endpoint].TryDequeue(out var next))
            Begin(next, now);
        return (now - call.Arrived) / NanosecondsPerMillisecond;
    }

    private long Exponential(double meanMilliseconds) =>
        (long)(-Math.Log(1 - _random.NextDouble()) * meanMilliseconds * NanosecondsPerMillisecond);
}
