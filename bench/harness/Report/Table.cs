using System.Text;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Report;

/// <summary>The run as Markdown: facts, measurements, targets, and what is missing.</summary>
internal static class Table
{
    private const double Busy = 1;

    public static string Render(
        Results results,
        IReadOnlyList<(ProxyKind Kind, string Version)> proxies,
        Options options
    )
    {
        var text = new StringBuilder();
        text.AppendLine($"Measured {Facts.Describe()}.").AppendLine();
        if (results.LoadBefore > Busy)
        {
            text.AppendLine(
                    $"The machine was busy with something else (load average {results.LoadBefore:0.0} before the run): "
                        + "ratios may hold, latencies do not."
                )
                .AppendLine();
        }
        text.AppendLine(
                $"HTTP/1.1, {options.Connections} keep-alive connections, responses of some 240 bytes; the proxy alone on core "
                    + $"{Cores.Proxy}, generator and upstream on core {Cores.Peers}; medians of {options.Rounds} alternating rounds "
                    + $"of about {options.Requests:#,0} requests, least and greatest in brackets."
            )
            .AppendLine();
        if (results.LatencyRate is { } rate)
        {
            text.AppendLine(
                    $"Latency at {rate:#,0} requests per second, half of what the slowest proxy can do, counted from when each "
                        + "request was due; 'direct' is the upstream without a proxy."
                )
                .AppendLine();
        }
        AppendMeasurements(text, results, proxies);
        AppendTargets(text, results);
        foreach (var (kind, version) in proxies)
            text.AppendLine($"- {$"{kind.Name} {version}".TrimEnd()}: {kind.Settings}.");
        foreach (var gap in results.Gaps)
            text.AppendLine($"- {gap}");
        return text.ToString();
    }

    private static void AppendMeasurements(
        StringBuilder text,
        Results results,
        IReadOnlyList<(ProxyKind Kind, string Version)> proxies
    )
    {
        string[] names = [.. proxies.Select(p => p.Kind.Name), .. results.Has(Metric.P50) ? ["direct"] : (string[])[]];
        AppendRow(text, ["", .. names]);
        AppendRow(text, ["---", .. names.Select(_ => "---:")]);
        foreach (var metric in Metric.All.Where(results.Has))
        {
            AppendRow(text, [metric.Title, .. names.Select(name => Cell(results, name, metric))]);
            if (metric == Metric.CpuPerRequest && results.Median("weft", metric) is { } weft)
                AppendRow(
                    text,
                    ["weft's CPU to this one's", .. names.Select(n => Ratio(weft, results.Median(n, metric)))]
                );
        }
        text.AppendLine();
    }

    private static void AppendTargets(StringBuilder text, Results results)
    {
        AppendRow(text, ["target", "limit", "measured", "met"]);
        AppendRow(text, ["---", "---", "---", "---"]);
        foreach (var target in Target.All(results))
        {
            var met = target.IsMet switch
            {
                true => "yes",
                false => "no",
                null => "",
            };
            AppendRow(text, [target.Work, target.Limit, target.Measured ?? "not measured", met]);
        }
        text.AppendLine();
    }

    private static string Cell(Results results, string proxy, Metric metric)
    {
        if (results.Median(proxy, metric) is not { } median)
            return "";
        var value = median.ToString(metric.Format);
        return results.Spread(proxy, metric) is var (least, greatest)
            ? $"{value} ({least.ToString(metric.Format)} to {greatest.ToString(metric.Format)})"
            : value;
    }

    private static string Ratio(double weft, double? other) => other is { } o ? $"{weft / o:0.00}x" : "";

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
