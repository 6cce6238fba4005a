using Weft.Telemetry;

namespace Weft.Cli.Demo;

/// <summary>What the proxies said of themselves at one moment.</summary>
/// <param name="At">Time since the traffic began.</param>
/// <param name="Pages">A page of metrics for every proxy that was reached, now or before it died.</param>
internal sealed record Scrape(TimeSpan At, IReadOnlyList<IReadOnlyList<MetricSample>> Pages)
{
    private const string OutboundCalls = "outbound";

    public static readonly Scrape Empty = new(TimeSpan.Zero, []);

    /// <summary>The samples of a metric that all proxies took of the calls that leave their applications; a gauge may state no direction.</summary>
    public IEnumerable<MetricSample> Outbound(string metric, string label, Func<string, bool> isIt) =>
        Pages
            .SelectMany(page => page)
            .Where(sample => sample.Name == metric && (sample["direction"] ?? OutboundCalls) == OutboundCalls)
            .Where(sample => isIt(sample[label] ?? ""));
}
