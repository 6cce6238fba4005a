using System.Net;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http2;

/// <summary>Latency at one fixed rate for all, half of what the slowest can do.</summary>
internal static class MultiplexedLatency
{
    private const string Direct = "direct";
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(0.5);

    public static async Task Measure(Run run, Fleet fleet, Http2Call call, IPEndPoint upstream)
    {
        if (fleet.Proxies.Min(p => run.Results.Median(p.Kind.Name, Metric.Saturation)) is not { } slowest)
            return;
        var rate = Math.Max(100, Math.Floor(slowest / 2 / 100) * 100);
        run.Results.LatencyRate = rate;

        List<(string Name, IPEndPoint Address)> all =
        [
            .. fleet.Proxies.Select(p => (p.Kind.Name, p.Placement.Listen)),
            (Direct, upstream),
        ];
        await run.Turns(
            $"HTTP/2 latency at {rate:#,0}/s",
            "latency",
            run.Options.Seconds,
            all,
            a => a.Name,
            a => Measure(run, a.Name, a.Address, call, rate)
        );
    }

    private static async Task Measure(Run run, string name, IPEndPoint address, Http2Call call, double rate)
    {
        var requests = (long)(rate * (Run.Turn + LeadIn).TotalSeconds);
        var all = await H2Load.RunAt(address, call, rate, requests, run.Cancellation);
        // The lead-in fills caches and opens upstream connections; it is not counted.
        var sorted = all.Skip((int)(rate * LeadIn.TotalSeconds)).Order().ToArray();
        run.Results.Add(name, Metric.P50, Quantile.Of(sorted, 0.5));
        run.Results.Add(name, Metric.P99, Quantile.Of(sorted, 0.99));
        run.Results.Add(name, Metric.P999, Quantile.Of(sorted, 0.999));
    }
}
