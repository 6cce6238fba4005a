namespace Weft.Cli.Stats;

/// <summary>What is known of one proxy: its numbers, or why there are none.</summary>
internal sealed record ProxyReport(string Address, ProxyStats? Stats, string? Error)
{
    /// <summary>Looks at a proxy twice, or once when the window is zero: then it is all since the proxy's start.</summary>
    public static async Task<ProxyReport> ReadAsync(
        string address,
        Uri page,
        TimeSpan window,
        FetchMetrics fetch,
        TimeProvider time,
        CancellationToken stop
    )
    {
        try
        {
            var first = await MetricsPage.ReadAsync(page, fetch, time, stop);
            if (window == TimeSpan.Zero)
            {
                return new ProxyReport(address, ProxyStats.Of(null, first, first.Uptime(time)), null);
            }

            await Task.Delay(window, time, stop);
            var second = await MetricsPage.ReadAsync(page, fetch, time, stop);
            var length = time.GetElapsedTime(first.At, second.At);
            return new ProxyReport(address, ProxyStats.Of(first, second, length), null);
        }
        catch (ScrapeException error)
        {
            return new ProxyReport(address, null, error.Message);
        }
    }
}
