using System.Net;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>Resident memory that each keep-alive connection adds which has served a request and now holds still.</summary>
internal static class IdleMeasurement
{
    private const double Kibibyte = 1024;

    public static async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds, IPEndPoint upstream)
    {
        foreach (var kind in kinds)
        {
            // The relay holds an upstream connection for each accepted one: a different thing, not comparable.
            if (kind is RelayProxy)
                continue;
            Run.Progress($"{run.Options.Idle:#,0} idle connections, {kind.Name}");
            await run.Try(kind.Name, "idle", () => Measure(run, kind, upstream));
        }
    }

    private static async Task Measure(Run run, ProxyKind kind, IPEndPoint upstream)
    {
        using var proxy = await RunningProxy.Start(kind, upstream, run.Options.Idle, Cores.Proxy, run.Cancellation);
        // Warm, so that what the first requests cost once is not charged to the idle connections.
        await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, run.Options.Seconds, run.Cancellation);
        var before = proxy.ResidentBytes;
        using var idle = IdleConnections.Open(proxy.Placement.Listen, run.Options.Idle, run.Cancellation);
        run.Results.Add(
            kind.Name,
            Metric.ResidentPerIdle,
            (proxy.ResidentBytes - before) / Kibibyte / run.Options.Idle
        );
    }
}
