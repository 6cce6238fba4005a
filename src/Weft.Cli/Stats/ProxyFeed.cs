namespace Weft.Cli.Stats;

/// <summary>Calls as proxies count them, asked at their admin addresses.</summary>
internal sealed class ProxyFeed(
    IReadOnlyList<(string Address, Uri Page)> proxies,
    TimeSpan window,
    FetchMetrics fetch,
    TimeProvider time
) : ITrafficFeed
{
    private readonly Dictionary<string, MetricsPage> _latest = new(StringComparer.Ordinal);

    public bool IsStrict => true;

    public TimeSpan Pause => window > TimeSpan.Zero ? window : TimeSpan.FromSeconds(1);

    public async Task<TrafficSight> ReadAsync(TrafficShape shape, CancellationToken stop)
    {
        var looks = await Task.WhenAll(proxies.Select(p => LookAsync(p.Address, p.Page, stop)));
        var sums = new Dictionary<CallKey, (ProxyCalls.Counts Counts, double? PerSecond)>();
        foreach (var look in looks)
        {
            foreach (var (service, route, counts) in look.Calls)
            {
                var key = shape.KeyOf(look.Source.Caller ?? "", service, route);
                var rate = counts.All / look.Seconds;
                sums[key] = sums.TryGetValue(key, out var sum)
                    ? (sum.Counts.Plus(counts), sum.PerSecond + rate)
                    : (counts, rate);
            }
        }

        return new TrafficSight(
            window.TotalSeconds,
            looks.Max(l => l.Seconds),
            [.. looks.Select(l => l.Source)],
            [.. sums.Select(s => RowOf(s.Key, s.Value.Counts, s.Value.PerSecond))]
        );
    }

    public void Dispose()
    {
        // The client of all requests is the process' own.
    }

    private static CallRow RowOf(CallKey key, ProxyCalls.Counts counts, double? perSecond) =>
        new(key, new CallStats(counts.All, counts.Good, perSecond, Latencies.Of(counts.Durations)));

    private async Task<Look> LookAsync(string address, Uri page, CancellationToken stop)
    {
        try
        {
            var caller = await ProxyCaller.ReadAsync(address, page, fetch, stop);
            var first = window > TimeSpan.Zero ? await FirstAsync(address, page, stop) : null;
            if (first is not null && window - time.GetElapsedTime(first.At) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, time, stop);
            }

            var second = await MetricsPage.ReadAsync(page, fetch, time, stop);
            Keep(address, second);
            var length = first is null ? second.Uptime(time) : time.GetElapsedTime(first.At, second.At);
            return new Look(
                new TrafficSource(address, caller, 0, null),
                length is { Ticks: > 0 } known ? known.TotalSeconds : null,
                [.. new ProxyCalls(second.Samples).Since(first is null ? null : new ProxyCalls(first.Samples))]
            );
        }
        catch (ScrapeException error)
        {
            return new Look(new TrafficSource(address, null, null, error.Message), null, []);
        }
    }

    /// <summary>The page of the time before serves as the first of this time.</summary>
    private async Task<MetricsPage> FirstAsync(string address, Uri page, CancellationToken stop)
    {
        lock (_latest)
        {
            if (_latest.TryGetValue(address, out var known))
            {
                return known;
            }
        }

        return await MetricsPage.ReadAsync(page, fetch, time, stop);
    }

    private void Keep(string address, MetricsPage page)
    {
        lock (_latest)
        {
            _latest[address] = page;
        }
    }

    /// <summary>What one proxy said.</summary>
    private sealed record Look(
        TrafficSource Source,
        double? Seconds,
        IReadOnlyList<(string Service, string Route, ProxyCalls.Counts Counts)> Calls
    );
}
