using Weft.Telemetry;

namespace Weft.Cli.Demo;

/// <summary>How a service did between two scrapes.</summary>
/// <param name="Name">As it is shown.</param>
/// <param name="AsCallersSaw">Requests, and those of them that succeeded; NaN where only endpoints are known.</param>
/// <param name="AsEndpointsAnswered">Attempts, and those of them that succeeded.</param>
/// <param name="PerSecond">Requests per second, or attempts where only endpoints are known.</param>
/// <param name="Durations">Of requests, or of attempts.</param>
/// <param name="Retries">Attempts beyond the first.</param>
/// <param name="Ready">Endpoints that callers would use; NaN when the proxies do not tell.</param>
internal sealed record ServiceRow(
    string Name,
    (double All, double Good) AsCallersSaw,
    (double All, double Good) AsEndpointsAnswered,
    double PerSecond,
    HistogramSnapshot Durations,
    double Retries,
    double Ready
)
{
    private static readonly (string Name, string? Logical, string Client)[] s_rows =
    [
        ("web", "web", "web"),
        ("books", "books", "books"),
        ("authors", "authors", "authors-*"),
        ("  version 1", null, Judge.Version1),
        ("  version 2", null, Judge.Version2),
    ];

    /// <summary>The services of the shop, in the order of the calls.</summary>
    public static IReadOnlyList<ServiceRow> Between(Scrape earlier, Scrape later) =>
        [.. s_rows.Select(row => Row(earlier, later, row.Name, row.Logical, row.Client))];

    /// <summary>Attempts beyond the first that all proxies made.</summary>
    public static long RetriesIn(Scrape scrape) =>
        (long)scrape.Outbound("weft_attempts_total", "client", _ => true).Where(IsRetry).Sum(s => s.Value);

    private static ServiceRow Row(Scrape earlier, Scrape later, string name, string? logical, string client)
    {
        var requests = Counts("weft_requests_total", "service", IsLogical);
        var attempts = Counts("weft_attempts_total", "client", IsClient);
        var seconds = (later.At - earlier.At).TotalSeconds;
        var ready = later
            .Outbound("weft_endpoints", "client", IsClient)
            .Where(s => s["state"] == "ready")
            // Every caller has its own view of them; the best is shown.
            .GroupBy(s => s["client"])
            .Select(views => views.Max(s => s.Value))
            .ToArray();
        return new ServiceRow(
            name,
            logical is null ? (double.NaN, double.NaN) : (requests.All, requests.Good),
            (attempts.All, attempts.Good),
            seconds > 0 ? (logical is null ? attempts.All : requests.All) / seconds : 0,
            Histogram(later).Since(Histogram(earlier)),
            attempts.Retries,
            ready.Length == 0 ? double.NaN : ready.Sum()
        );

        bool IsLogical(string label) => logical is not null && LastOf(label) == logical;

        bool IsClient(string label) =>
            client.EndsWith('*')
                ? LastOf(label).StartsWith(client[..^1], StringComparison.Ordinal)
                : LastOf(label) == client;

        (double All, double Good, double Retries) Counts(string metric, string label, Func<string, bool> isIt)
        {
            var now = Count(later.Outbound(metric, label, isIt));
            var then = Count(earlier.Outbound(metric, label, isIt));
            return (now.All - then.All, now.Good - then.Good, now.Retries - then.Retries);
        }

        HistogramSnapshot Histogram(Scrape scrape) =>
            logical is null
                ? HistogramOf(scrape, "weft_attempt_duration_seconds", "client", IsClient)
                : HistogramOf(scrape, "weft_request_duration_seconds", "service", IsLogical);
    }

    private static HistogramSnapshot HistogramOf(Scrape scrape, string metric, string label, Func<string, bool> isIt) =>
        HistogramSnapshot.FromSamples(
            scrape.Outbound($"{metric}_bucket", label, isIt).Concat(scrape.Outbound($"{metric}_sum", label, isIt))
        );

    private static (double All, double Good, double Retries) Count(IEnumerable<MetricSample> samples)
    {
        var (all, good, retries) = (0.0, 0.0, 0.0);
        foreach (var sample in samples)
        {
            all += sample.Value;
            good += sample["result"] == "success" ? sample.Value : 0;
            retries += IsRetry(sample) ? sample.Value : 0;
        }

        return (all, good, retries);
    }

    private static bool IsRetry(MetricSample sample) => sample["try"] == "retry";

    /// <summary>The last label of a name: <c>books</c> of <c>/svc/books</c>.</summary>
    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
