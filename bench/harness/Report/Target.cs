using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Report;

/// <summary>What docs/performance.md asks of weft, and what this run says to it.</summary>
/// <param name="Work">What is bounded.</param>
/// <param name="Limit">The bound, as the reader sees it.</param>
/// <param name="Measured">As the reader sees it; null when it was not measured.</param>
/// <param name="IsMet">Null when it was not measured.</param>
internal sealed record Target(string Work, string Limit, string? Measured, bool? IsMet)
{
    /// <summary>Bounds weft's figure by that of a peer, or of the better of several.</summary>
    public static Target Ratio(Results results, string work, Metric metric, double most, params string[] peers)
    {
        // The greatest, because a smaller figure is the better one wherever there is a target.
        var ratio = peers.Max(p => results.Ratio(WeftProxy.ProxyName, p, metric));
        return Of(work, $"<= {most:0.00}x", ratio, most, $"{ratio:0.00}x");
    }

    public static Target Bound(Results results, string work, Metric metric, double most, string unit)
    {
        var value = results.Median(WeftProxy.ProxyName, metric);
        return Of(work, $"<= {most:0} {unit}", value, most, $"{value?.ToString(metric.Format)} {unit}");
    }

    private static Target Of(string work, string limit, double? value, double most, string measured) =>
        value is { } v ? new Target(work, limit, measured, v <= most) : new Target(work, limit, null, null);
}
