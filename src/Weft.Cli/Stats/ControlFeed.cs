using Weft.Api.Documents;
using Weft.Cli.Control;

namespace Weft.Cli.Stats;

/// <summary>Calls as the proxies of a control plane reported them.</summary>
internal sealed class ControlFeed(ControlClient client, TimeSpan window) : ITrafficFeed
{
    public bool IsStrict => false;

    public TimeSpan Pause => TimeSpan.FromSeconds(2);

    public async Task<TrafficSight> ReadAsync(TrafficShape shape, CancellationToken stop)
    {
        var info = await client.TrafficAsync(window, shape.By, stop);
        return new TrafficSight(
            info.WindowSeconds,
            info.CoveredSeconds,
            SourcesOf(info),
            [
                .. info
                    .Requests.Where(r => r.Direction == "outbound")
                    .Select(r => new CallRow(
                        new CallKey(r.Caller, r.Service ?? "", r.Route),
                        StatsOf(r, info.CoveredSeconds)
                    )),
            ]
        );
    }

    /// <summary>Both tables of <c>weft stat</c>.</summary>
    public async Task<(TrafficInfo Info, ProxyStats Stats)> StatAsync(CancellationToken stop)
    {
        var services = await client.TrafficAsync(window, "service", stop);
        var clients = await client.TrafficAsync(window, "client", stop);
        return (
            services,
            new ProxyStats(
                [
                    .. services
                        .Requests.OrderByDescending(r => r.Direction, StringComparer.Ordinal)
                        .Select(r => new ServiceStats(
                            r.Direction,
                            r.Service ?? "",
                            StatsOf(r, services.CoveredSeconds),
                            null
                        )),
                ],
                [
                    .. clients
                        .Attempts.OrderByDescending(r => r.Direction, StringComparer.Ordinal)
                        .Select(r => new ClientStats(
                            r.Direction,
                            r.Client ?? "",
                            StatsOf(r, clients.CoveredSeconds),
                            r.Retries ?? 0
                        )),
                ]
            )
        );
    }

    public static TrafficSource[] SourcesOf(TrafficInfo info) => [.. info.Proxies.Select(TrafficSource.Of)];

    public void Dispose() => client.Dispose();

    private static CallStats StatsOf(TrafficRow row, double? seconds)
    {
        var count = row.Successes + row.Failures;
        return new CallStats(
            count,
            row.Successes,
            count / seconds,
            new Latencies(Seconds(row.P50Ms), Seconds(row.P95Ms), Seconds(row.P99Ms))
        );
    }

    private static double Seconds(double? milliseconds) => milliseconds / 1000 ?? double.NaN;
}
