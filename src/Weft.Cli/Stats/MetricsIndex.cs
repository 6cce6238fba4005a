using Weft.Telemetry;

namespace Weft.Cli.Stats;

/// <summary>Whose series: a direction, and a service or a client.</summary>
internal readonly record struct SeriesKey(string Direction, string Name);

/// <summary>The samples of a page by metric and by whose they are.</summary>
internal sealed class MetricsIndex
{
    private readonly Dictionary<(string Metric, string Label, SeriesKey Key), List<MetricSample>> _samples = [];

    public MetricsIndex(IEnumerable<MetricSample> samples)
    {
        foreach (var sample in samples)
        {
            foreach (var label in (ReadOnlySpan<string>)["service", "client"])
            {
                if (sample["direction"] is { } direction && sample[label] is { } name)
                {
                    var key = (sample.Name, label, new SeriesKey(direction, name));
                    if (!_samples.TryGetValue(key, out var list))
                    {
                        _samples.Add(key, list = []);
                    }

                    list.Add(sample);
                }
            }
        }
    }

    /// <summary>Whose series some metrics have, in order of direction and name.</summary>
    public IEnumerable<SeriesKey> Keys(string label, params string[] metrics) =>
        _samples
            .Keys.Where(k => k.Label == label && metrics.Contains(k.Metric))
            .Select(k => k.Key)
            .Distinct()
            .OrderBy(k => k.Direction, StringComparer.Ordinal)
            .ThenBy(k => k.Name, StringComparer.Ordinal);

    /// <summary>All series of a metric added up; with a result, only those that have it.</summary>
    public double Sum(string metric, string label, SeriesKey key, string? result = null) =>
        Find(metric, label, key).Where(s => result is null || s["result"] == result).Sum(s => s.Value);

    /// <summary>Attempts at a client that were not the first of their request.</summary>
    public double Retries(SeriesKey client) =>
        Find("weft_attempts_total", "client", client).Where(s => s["try"] == "retry").Sum(s => s.Value);

    public HistogramSnapshot Histogram(string metric, string label, SeriesKey key) =>
        HistogramSnapshot.FromSamples(Find($"{metric}_bucket", label, key).Concat(Find($"{metric}_sum", label, key)));

    private List<MetricSample> Find(string metric, string label, SeriesKey key) =>
        _samples.GetValueOrDefault((metric, label, key)) ?? [];
}
