using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>Memory under load, and what weft allocates for a request.</summary>
internal static class MemoryMeasurement
{
    public static async Task Measure(Run run, Fleet fleet, Upstream upstream)
    {
        Run.Progress("memory");
        foreach (var proxy in fleet.Proxies)
        {
            await run.Try(
                proxy.Kind.Name,
                "memory",
                async () =>
                {
                    if (proxy.Kind is WeftProxy)
                        await MeasureAllocations(run, proxy, upstream);
                    await ResidentMemory.Sample(
                        run,
                        proxy,
                        Wrk.Run(proxy.Placement.Listen, run.Options.Connections, run.Options.WarmUp, run.Cancellation)
                    );
                }
            );
        }
    }

    private static async Task MeasureAllocations(Run run, RunningProxy proxy, Upstream upstream)
    {
        // What the scrapes themselves allocate stands in the difference once: nothing, over so many requests.
        var (served, allocated) = (
            await upstream.Served(run.Cancellation),
            await Allocations.Of(proxy, run.Cancellation)
        );
        await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, run.Options.Seconds, run.Cancellation);
        var (servedAfter, allocatedAfter) = (
            await upstream.Served(run.Cancellation),
            await Allocations.Of(proxy, run.Cancellation)
        );
        run.Results.Add(
            proxy.Kind.Name,
            Metric.AllocatedPerRequest,
            (allocatedAfter - allocated) / (servedAfter - served)
        );
    }
}
