namespace Weft.Bench.Harness.Report;

/// <summary>What was measured with one kind of traffic, and why the rest was not.</summary>
internal sealed class Results
{
    private const int LongestReason = 200;

    private readonly Dictionary<(string Proxy, Metric Metric), List<double>> _samples = [];
    private readonly Dictionary<(string Proxy, string Part), string> _gaps = [];

    /// <summary>What could not be measured, one sentence each.</summary>
    public IEnumerable<string> Gaps => _gaps.Select(g => $"{g.Key.Proxy}, {g.Key.Part}: not measured: {g.Value}");

    /// <summary>The fixed rate of the latency measurement, requests per second; null when latency was not measured.</summary>
    public double? LatencyRate { get; set; }

    public void Add(string proxy, Metric metric, double value)
    {
        if (!_samples.TryGetValue((proxy, metric), out var samples))
            _samples[(proxy, metric)] = samples = [];
        samples.Add(value);
    }

    /// <summary>Records why something was not measured; of several reasons for one thing, the first.</summary>
    public void AddGap(string proxy, string part, string reason)
    {
        var line = reason.ReplaceLineEndings(" ").Trim();
        _gaps.TryAdd((proxy, part), line.Length <= LongestReason ? line : "..." + line[^LongestReason..]);
    }

    public bool Has(Metric metric) => _samples.Keys.Any(k => k.Metric == metric);

    /// <summary>The median over the rounds; null when there is none.</summary>
    public double? Median(string proxy, Metric metric) =>
        _samples.TryGetValue((proxy, metric), out var samples) ? MedianOf(samples) : null;

    /// <summary>
    /// One proxy's figure by another's: the median of their ratios in each round, so that what the machine did to both cancels out; where a round
    /// failed, the ratio of the medians. Null when one was not measured.
    /// </summary>
    public double? Ratio(string proxy, string peer, Metric metric)
    {
        if (
            !_samples.TryGetValue((proxy, metric), out var ours)
            || !_samples.TryGetValue((peer, metric), out var theirs)
        )
            return null;
        return ours.Count == theirs.Count
            ? MedianOf([.. ours.Zip(theirs, (a, b) => a / b)])
            : MedianOf(ours) / MedianOf(theirs);
    }

    /// <summary>Least and greatest over the rounds; null when there was only one.</summary>
    public (double Least, double Greatest)? Spread(string proxy, Metric metric) =>
        _samples.TryGetValue((proxy, metric), out var samples) && samples.Count > 1
            ? (samples.Min(), samples.Max())
            : null;

    private static double MedianOf(List<double> samples)
    {
        var sorted = samples.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
