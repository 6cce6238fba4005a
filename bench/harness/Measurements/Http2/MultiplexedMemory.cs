using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http2;

/// <summary>Memory that stays after load, and what weft allocates for a request.</summary>
internal static class MultiplexedMemory
{
    private const double Megabyte = 1_000_000;

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
                    run.Results.Add(proxy.Kind.Name, Metric.ResidentServing, proxy.ResidentBytes / Megabyte);
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
