namespace Weft.Telemetry;

/// <summary>
/// A family that is not counted but asked: each scrape calls back for the values of that moment (ages, versions, numbers of
/// endpoints).
/// </summary>
public sealed class ObservedFamily : MetricFamily
{
    private readonly Action<Observations> _observe;
    private readonly int _maxSeries;

    internal ObservedFamily(
        MetricKind kind,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        int maxSeries,
        Action<Observations> observe
    )
        : base(kind, name, help, labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSeries, 1);
        (_observe, _maxSeries) = (observe, maxSeries);
    }

    /// <summary>False when the last callback failed, and the family was left out of that scrape.</summary>
    internal bool LastSucceeded { get; private set; } = true;

    internal override void Write(ExpositionWriter writer, ShardSet shards, long now)
    {
        var observations = new Observations(this, _maxSeries);
        try
        {
            _observe(observations);
            LastSucceeded = true;
        }
        catch (Exception)
        {
            // One source that fails must not take all metrics with it; the registry counts it.
            LastSucceeded = false;
            return;
        }

        writer.Begin(this);
        foreach (var (labels, value) in observations.Values)
            writer.Sample(this, labels, value);
    }
}

/// <summary>The values of an observed family in one scrape. Values given twice for the same labels are added up.</summary>
public sealed class Observations
{
    private readonly MetricFamily _family;
    private readonly int _maxSeries;
    private readonly Dictionary<string[], double> _values = new(LabelValues.Comparer);

    internal Observations(MetricFamily family, int maxSeries) => (_family, _maxSeries) = (family, maxSeries);

    internal IReadOnlyDictionary<string[], double> Values => _values;

    /// <summary>Adds a value for these labels, one per label in the family's order. Beyond the family's bound, labels become <c>other</c>.</summary>
    public void Add(double value, params ReadOnlySpan<string> labels)
    {
        if (labels.Length != _family.Labels.Length)
        {
            throw new ArgumentException(
                $"'{_family.Name}' has {_family.Labels.Length} labels, but {labels.Length} values were given",
                nameof(labels)
            );
        }

        var key = labels.ToArray();
        for (var i = 0; i < key.Length; i++)
            key[i] = LabelValues.Clean(key[i]);
        if (_values.Count >= _maxSeries && !_values.ContainsKey(key))
            Array.Fill(key, LabelValues.Other);
        _values[key] = _values.GetValueOrDefault(key) + value;
    }
}
