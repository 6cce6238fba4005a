using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>CPU time of the proxy per request that the upstream answered, at full load.</summary>
internal static class CpuMeasurement
{
    // Ratios of two turns scatter by a sixth on a shared machine: fifty, in five rounds, bring their median to a few per cent.
    private const int TurnsPerSecond = 2;

    /// <summary>How many turns each proxy has in all.</summary>
    public static int Turns(Options options) => options.Rounds * TurnsPerSecond * options.Seconds;

    public static Task Measure(Run run, Fleet fleet, Upstream upstream) =>
        run.Turns(
            "CPU per request",
            "cpu",
            TurnsPerSecond * run.Options.Seconds,
            fleet.Proxies,
            p => p.Kind.Name,
            p => Measure(run, p, upstream)
        );

    private static async Task Measure(Run run, RunningProxy proxy, Upstream upstream)
    {
        var (served, used) = (await upstream.Served(run.Cancellation), proxy.CpuTime);
        var seconds = (int)Run.Turn.TotalSeconds;
        var load = await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, seconds, run.Cancellation);
        var (servedAfter, usedAfter) = (await upstream.Served(run.Cancellation), proxy.CpuTime);

        var requests = servedAfter - served;
        // The two counts are independent. wrk does not count what is still under way when its time is up.
        if (requests < load.Requests || requests > (load.Requests * 1.02) + run.Options.Connections)
            throw new MeasurementException($"the upstream counted {requests:#,0} requests, wrk {load.Requests:#,0}");

        run.Results.Add(proxy.Kind.Name, Metric.CpuPerRequest, (usedAfter - used).TotalMicroseconds / requests);
        run.Results.Add(proxy.Kind.Name, Metric.Saturation, load.PerSecond);
    }
}
