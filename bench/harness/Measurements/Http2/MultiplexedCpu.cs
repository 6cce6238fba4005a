using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http2;

/// <summary>CPU time of the proxy per answered request at full load.</summary>
internal static class MultiplexedCpu
{
    /// <param name="cost">What is recorded as CPU time per request.</param>
    /// <param name="rate">What is recorded as requests per second.</param>
    public static async Task Measure(Run run, Fleet fleet, Http2Call call, Metric cost, Metric rate) =>
        await run.Rounds(
            cost.Title,
            "cpu",
            fleet.Proxies,
            p => p.Kind.Name,
            async proxy =>
            {
                var used = proxy.CpuTime;
                var load = await H2Load.Run(proxy.Placement.Listen, call, run.Options.Requests, run.Cancellation);
                run.Results.Add(proxy.Kind.Name, cost, (proxy.CpuTime - used).TotalMicroseconds / load.Requests);
                run.Results.Add(proxy.Kind.Name, rate, load.PerSecond);
            }
        );
}
