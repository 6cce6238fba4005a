namespace Weft.Bench.Harness.Report;

/// <summary>What docs/performance.md asks of weft, and what this run says to it.</summary>
/// <param name="Work">What is bounded.</param>
/// <param name="Limit">The bound, as the reader sees it.</param>
/// <param name="Measured">As the reader sees it; null when it was not measured.</param>
/// <param name="IsMet">Null when it was not measured.</param>
internal sealed record Target(string Work, string Limit, string? Measured, bool? IsMet)
{
    private const string Weft = "weft";

    public static IReadOnlyList<Target> All(Results results) =>
        [
            Ratio(results, "CPU per request, to nginx", "nginx", Metric.CpuPerRequest, 1.00),
            Ratio(results, "CPU per request, to the raw relay", "relay", Metric.CpuPerRequest, 1.25),
            Bound(results, "allocated per request", Metric.AllocatedPerRequest, 64, "bytes"),
            Bound(results, "resident after serving", Metric.ResidentServing, 45, "MB"),
            Bound(results, "resident per idle connection", Metric.ResidentPerIdle, 4, "KiB"),
            Ratio(results, "latency p99 at the fixed rate, to nginx", "nginx", Metric.P99, 1.00),
            Bound(results, "ready after exec", Metric.StartUp, 250, "ms"),
        ];

    private static Target Ratio(Results results, string work, string peer, Metric metric, double most)
    {
        var ratio = results.Median(Weft, metric) / results.Median(peer, metric);
        return Of(work, $"<= {most:0.00}x", ratio, most, $"{ratio:0.00}x");
    }

    private static Target Bound(Results results, string work, Metric metric, double most, string unit)
    {
        var value = results.Median(Weft, metric);
        return Of(work, $"<= {most:0} {unit}", value, most, $"{value?.ToString(metric.Format)} {unit}");
    }

    private static Target Of(string work, string limit, double? value, double most, string measured) =>
        value is { } v ? new Target(work, limit, measured, v <= most) : new Target(work, limit, null, null);
}
