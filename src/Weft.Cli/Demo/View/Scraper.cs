using System.Net;
using Weft.Telemetry;

namespace Weft.Cli.Demo;

/// <summary>Reads the proxies' metrics. What a proxy said last stands when it cannot be reached any more: its requests were made.</summary>
internal sealed class Scraper(IReadOnlyList<IPEndPoint> admins) : IDisposable
{
    private readonly IReadOnlyList<MetricSample>[] _pages = [.. admins.Select(_ => (IReadOnlyList<MetricSample>)[])];

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    public async Task<Scrape> ReadAsync(TimeSpan at, CancellationToken cancel)
    {
        var pages = await Task.WhenAll(admins.Select((admin, i) => ReadPageAsync(i, admin, cancel)));
        return new Scrape(at, pages);
    }

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<MetricSample>> ReadPageAsync(int index, IPEndPoint admin, CancellationToken cancel)
    {
        try
        {
            var text = await _client.GetStringAsync(new Uri($"http://{admin}/metrics"), cancel);
            _pages[index] = PrometheusText.Parse(text);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // Dead or too busy: what it said last stands.
            cancel.ThrowIfCancellationRequested();
        }

        return _pages[index];
    }
}
