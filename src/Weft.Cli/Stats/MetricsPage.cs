using System.Net.Sockets;
using Weft.Telemetry;

namespace Weft.Cli.Stats;

/// <summary>Gets the text of a metrics page.</summary>
/// <exception cref="ScrapeException">It cannot be had; says why.</exception>
internal delegate Task<string> FetchMetrics(Uri page, CancellationToken stop);

/// <summary>A proxy's metrics cannot be had, and why.</summary>
internal sealed class ScrapeException(string message) : Exception(message);

/// <summary>The metrics of a proxy as they were at one moment.</summary>
/// <param name="At">A timestamp of the clock that was used.</param>
/// <param name="Samples">In the order of the page.</param>
internal sealed record MetricsPage(long At, IReadOnlyList<MetricSample> Samples)
{
    private const long MaxBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly Lazy<HttpClient> Client = new(() =>
        new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            MaxResponseContentBufferSize = MaxBytes,
            Timeout = Timeout,
        }
    );

    /// <summary>Scrapes and parses.</summary>
    /// <exception cref="ScrapeException">It cannot be had, or is no metrics page.</exception>
    public static async Task<MetricsPage> ReadAsync(
        Uri page,
        FetchMetrics fetch,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var text = await fetch(page, stop);
        var at = time.GetTimestamp();
        try
        {
            return new MetricsPage(at, PrometheusText.Parse(text));
        }
        catch (FormatException error)
        {
            throw new ScrapeException($"{page}: what answers there is no metrics page: {error.Message}");
        }
    }

    /// <summary>How long the proxy had been running; null when it does not say, or clocks disagree.</summary>
    public TimeSpan? Uptime(TimeProvider time)
    {
        foreach (var sample in Samples)
        {
            if (sample.Name == "process_start_time_seconds")
            {
                var seconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - sample.Value;
                return seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
            }
        }

        return null;
    }

    /// <summary>Over HTTP, without an HTTP proxy in between.</summary>
    public static async Task<string> FetchAsync(Uri page, CancellationToken stop)
    {
        try
        {
            using var response = await Client.Value.GetAsync(page, stop);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsStringAsync(stop)
                : throw new ScrapeException(
                    $"{page}: answered {(int)response.StatusCode}; is this the admin address of a proxy?"
                );
        }
        catch (HttpRequestException error)
        {
            var reason = error.InnerException is SocketException socket ? socket.Message : error.Message;
            throw new ScrapeException($"{page}: cannot be reached: {reason.TrimEnd('.')}");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ScrapeException($"{page}: no answer within {Timeout.TotalSeconds} seconds");
        }
    }
}
