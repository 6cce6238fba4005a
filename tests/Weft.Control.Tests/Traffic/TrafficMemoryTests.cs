using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Traffic;

/// <summary>Measures the heap, and so runs alone.</summary>
[CollectionDefinition(nameof(TrafficMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrafficMemoryTests))]
public sealed class TrafficMemoryTests
{
    private const int Proxies = 100;

    // What tests before this one have left may go at any time, and hides as much of what is looked for: the most of several looks is the truth.
    private const int Looks = 3;

    /// <summary>Each proxy its own caller, each series busy in every slot, in eight buckets: worse than it gets.</summary>
    [Fact]
    public void a_busy_series_costs_two_kilobytes_so_fifty_of_a_thousand_proxies_a_hundred_megabytes()
    {
        var taken = Enumerable.Range(0, Looks).Max(_ => Taken());
        Assert.InRange(taken, 1, Proxies * 100_000);
    }

    private static long Taken()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var board = new TrafficBoard(new VirtualTime());
        for (var proxy = 0; proxy < Proxies; proxy++)
        {
            var reports = new Reports([$"service-{proxy}"]);
            for (var series = 0; series < 50; series++)
            {
                for (var bucket = 4; bucket < 12; bucket++)
                {
                    reports.Count($"called-{series}", 3000, failures: 100, bucket: bucket);
                }
            }

            board.Open(Reports.Hello($"proxy-{proxy}")).Take(reports.Next(seconds: 600));
        }

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(50 * Proxies, board.Calls("default", TimeSpan.FromMinutes(10)).Count);
        return taken;
    }
}
