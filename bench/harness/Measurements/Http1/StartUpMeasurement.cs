using System.Net;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

namespace Weft.Bench.Harness.Measurements.Http1;

/// <summary>From exec to ready, on all cores as in real life, and the memory of a proxy that nobody uses yet.</summary>
internal static class StartUpMeasurement
{
    private const int Starts = 5;
    private const double Megabyte = 1_000_000;

    public static async Task Measure(Run run, IReadOnlyList<ProxyKind> kinds, IPEndPoint upstream)
    {
        Run.Progress("start-up");
        for (var round = 0; round < Starts; round++)
        {
            foreach (var kind in Run.Rotated(kinds, round))
            {
                await run.Try(
                    kind.Name,
                    "start-up",
                    async () =>
                    {
                        using var proxy = await RunningProxy.Start(
                            kind,
                            upstream,
                            run.Options.Connections,
                            core: null,
                            run.Cancellation
                        );
                        run.Results.Add(kind.Name, Metric.StartUp, proxy.ReadyAfter.TotalMilliseconds);
                        run.Results.Add(kind.Name, Metric.ResidentAtStart, proxy.ResidentBytes / Megabyte);
                    }
                );
            }
        }
    }
}
