using System.Net;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>Latency at one fixed rate for all, half of what the slowest can do.</summary>
internal static class LatencyMeasurement
{
    private const string Direct = "direct";
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(0.5);

    public static async Task Measure(Run run, Fleet fleet, IPEndPoint upstream)
    {
        if (fleet.Proxies.Count == 0)
            return;
        var rate = await Rate(run, fleet);
        run.Results.LatencyRate = rate;

        List<(string Name, IPEndPoint Address)> all =
        [
            .. fleet.Proxies.Select(p => (p.Kind.Name, p.Placement.Listen)),
            (Direct, upstream),
        ];
        await run.Turns(
            $"latency at {rate:#,0}/s",
            "latency",
            run.Options.Seconds,
            all,
            a => a.Name,
            a => Measure(run, a.Name, a.Address, rate)
        );
    }

    private static async Task<double> Rate(Run run, Fleet fleet)
    {
        var slowest = double.PositiveInfinity;
        foreach (var proxy in fleet.Proxies)
        {
            // Known when CPU was measured in this run, else found out now.
            var saturation =
                run.Results.Median(proxy.Kind.Name, Metric.Saturation)
                ?? (await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, 1, run.Cancellation)).PerSecond;
            slowest = Math.Min(slowest, saturation);
        }
        return Math.Max(100, Math.Floor(slowest / 2 / 100) * 100);
    }

    private static async Task Measure(Run run, string name, IPEndPoint address, double rate)
    {
        var duration = Run.Turn + LeadIn;
        var all = await OpenLoop.Run(address, run.Options.Connections, rate, duration);
        run.Cancellation.ThrowIfCancellationRequested();
        // The lead-in fills caches and opens upstream connections; it is not counted.
        var sorted = all.Skip((int)(rate * LeadIn.TotalSeconds)).Order().ToArray();
        run.Results.Add(name, Metric.P50, Quantile.Of(sorted, 0.5));
        run.Results.Add(name, Metric.P99, Quantile.Of(sorted, 0.99));
        run.Results.Add(name, Metric.P999, Quantile.Of(sorted, 0.999));
    }
}
