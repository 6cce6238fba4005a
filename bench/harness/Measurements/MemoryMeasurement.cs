using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements;

/// <summary>Memory that stays after load, and what weft allocates for a request.</summary>
internal static class MemoryMeasurement
{
    private const double Megabyte = 1_000_000;

    public static async Task Measure(Run run, Fleet fleet)
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
                        await MeasureAllocations(run, proxy);
                    else
                        await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, 1, run.Cancellation);
                    run.Results.Add(proxy.Kind.Name, Metric.ResidentServing, proxy.ResidentBytes / Megabyte);
                }
            );
        }
    }

    private static async Task MeasureAllocations(Run run, RunningProxy proxy)
    {
        // What the scrapes themselves allocate stands in the difference once: nothing, over so many requests.
        var (served, allocated) = (await run.Upstream.Served(run.Cancellation), await Allocated(run, proxy));
        await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, run.Options.Seconds, run.Cancellation);
        var (servedAfter, allocatedAfter) = (await run.Upstream.Served(run.Cancellation), await Allocated(run, proxy));
        run.Results.Add(
            proxy.Kind.Name,
            Metric.AllocatedPerRequest,
            (allocatedAfter - allocated) / (servedAfter - served)
        );
    }

    private static async Task<double> Allocated(Run run, RunningProxy proxy)
    {
        using var client = new HttpClient();
        string page;
        try
        {
            page = await client.GetStringAsync(new Uri($"http://{proxy.Placement.Admin}/metrics"), run.Cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new MeasurementException($"/metrics: {e.Message}");
        }
        return WeftProxy.AllocatedBytes(page)
            ?? throw new MeasurementException($"/metrics has no {WeftProxy.AllocatedBytesMetric}");
    }
}
