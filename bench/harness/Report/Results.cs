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
