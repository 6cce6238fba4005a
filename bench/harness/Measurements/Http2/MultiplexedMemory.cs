using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http2;

/// <summary>Memory under load, and what weft allocates for a request.</summary>
internal static class MultiplexedMemory
{
    public static async Task Measure(Run run, Fleet fleet, Http2Call call)
    {
        Run.Progress("HTTP/2 memory");
        foreach (var proxy in fleet.Proxies)
        {
            await run.Try(
                proxy.Kind.Name,
                "memory",
                async () =>
                {
                    if (proxy.Kind is WeftProxy)
                        await MeasureAllocations(run, proxy, call);
                    await ResidentMemory.Sample(
                        run,
                        proxy,
                        H2Load.RunFor(proxy.Placement.Listen, call, run.Options.WarmUp, run.Cancellation)
                    );
                }
            );
        }
    }

    private static async Task MeasureAllocations(Run run, RunningProxy proxy, Http2Call call)
    {
        // What the scrapes themselves allocate stands in the difference once: nothing, over so many requests.
        var allocated = await Allocations.Of(proxy, run.Cancellation);
        var load = await H2Load.Run(proxy.Placement.Listen, call, run.Options.Requests, run.Cancellation);
        var allocatedAfter = await Allocations.Of(proxy, run.Cancellation);
        run.Results.Add(proxy.Kind.Name, Metric.AllocatedPerRequest, (allocatedAfter - allocated) / load.Requests);
    }
}
