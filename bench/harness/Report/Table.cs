using System.Text;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Report;

/// <summary>The run as Markdown: facts, for each kind of traffic the measurements and what is missing, and the targets.</summary>
internal static class Table
{
    private const double Busy = 1;
    private const string Direct = "direct";

    public static string Render(IReadOnlyList<Section> sections, Options options, double loadBefore)
    {
        var text = new StringBuilder();
        text.AppendLine($"Measured {Facts.Describe()}.").AppendLine();
        if (loadBefore > Busy)
        {
            text.AppendLine(
                    $"The machine was busy with something else (load average {loadBefore:0.0} before the run): "
                        + "ratios may hold, latencies do not."
                )
                .AppendLine();
        }
        text.AppendLine(
                $"The proxy alone on core {Cores.Proxy}, generator and upstream on core {Cores.Peers}; medians of {options.Rounds} alternating "
                    + "rounds, least and greatest in brackets; ratios are medians of the rounds' ratios."
            )
            .AppendLine();
        foreach (var section in sections)
            AppendSection(text, section, options);
        AppendTargets(text, sections);
        return text.ToString();
    }

    private static void AppendSection(StringBuilder text, Section section, Options options)
    {
        text.AppendLine($"### {section.Suite.Title}").AppendLine();
        foreach (var paragraph in section.Suite.Describe(section.Results, options))
            text.AppendLine(paragraph).AppendLine();
        AppendMeasurements(text, section);
        foreach (var (kind, version) in section.Proxies)
            text.AppendLine($"- {$"{kind.Name} {version}".TrimEnd()}: {kind.Settings}.");
        foreach (var gap in section.Results.Gaps)
            text.AppendLine($"- {gap}");
        text.AppendLine();
    }

    private static void AppendMeasurements(StringBuilder text, Section section)
    {
        var results = section.Results;
        string[] names =
        [
            .. section.Proxies.Select(p => p.Kind.Name),
            .. results.Has(Metric.P50) ? [Direct] : (string[])[],
        ];
        AppendRow(text, ["", .. names]);
        AppendRow(text, ["---", .. names.Select(_ => "---:")]);
        foreach (var metric in Metric.All.Where(results.Has))
        {
            AppendRow(text, [metric.Title, .. names.Select(name => Cell(results, name, metric))]);
            if (metric.IsCost && results.Median(WeftProxy.ProxyName, metric) is not null)
                AppendRow(
                    text,
                    [
                        "weft's CPU to this one's",
                        .. names.Select(n => Ratio(results.Ratio(WeftProxy.ProxyName, n, metric))),
                    ]
                );
        }
        text.AppendLine();
    }

    private static void AppendTargets(StringBuilder text, IReadOnlyList<Section> sections)
    {
        var targets = sections.SelectMany(s => s.Suite.Targets(s.Results)).ToList();
        if (targets.Count == 0)
            return;
        text.AppendLine("### Targets").AppendLine();
        AppendRow(text, ["target", "limit", "measured", "met"]);
        AppendRow(text, ["---", "---", "---", "---"]);
        foreach (var target in targets)
        {
            var met = target.IsMet switch
            {
                true => "yes",
                false => "no",
                null => "",
            };
            AppendRow(text, [target.Work, target.Limit, target.Measured ?? "not measured", met]);
        }
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

    private static string Ratio(double? ratio) => ratio is { } r ? $"{r:0.00}x" : "";

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
