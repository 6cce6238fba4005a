namespace Weft.Telemetry;

/// <summary>Durations, counted in the buckets of <see cref="HistogramBounds"/>; kept in nanoseconds, shown in seconds.</summary>
public sealed class HistogramFamily : SeriesFamily
{
    internal HistogramFamily(
        MetricRegistry registry,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        int maxSeries
    )
        : base(registry, MetricKind.Histogram, name, help, labels, maxSeries) { }

    /// <inheritdoc cref="CounterFamily.Series"/>
    public HistogramSlot Series(params ReadOnlySpan<string> labels) => new(Acquire(labels));

    /// <inheritdoc cref="CounterFamily.Release"/>
    public void Release(HistogramSlot slot) => ReleaseCell(slot.Cell);

    /// <summary>The histogram now; empty for a slot whose series is gone.</summary>
    public HistogramSnapshot Read(HistogramSlot slot)
    {
        var cumulative = new double[HistogramBounds.Count];
        var count = 0L;
        for (var i = 0; i < cumulative.Length; i++)
            cumulative[i] = count += ReadCell(slot.Cell, i);
        return new HistogramSnapshot(
            [.. HistogramBounds.Seconds],
            cumulative,
            ReadCell(slot.Cell, HistogramBounds.Count) / 1e9
        );
    }

    /// <inheritdoc cref="CounterFamily.ReadAll"/>
    public void ReadAll(ReadHistogram read)
    {
        var shards = Shards;
        Span<long> counts = stackalloc long[HistogramBounds.Count];
        foreach (var series in All())
        {
            for (var i = 0; i < counts.Length; i++)
                counts[i] = series.Read(shards, i);
            read(series.Labels, counts, series.Read(shards, HistogramBounds.Count));
        }
    }

    private protected override long ProgressOf(Series series, ShardSet shards)
    {
        var count = 0L;
        for (var i = 0; i < HistogramBounds.Count; i++)
            count += series.Read(shards, i);
        return count;
    }

    private protected override void WriteSeries(ExpositionWriter writer, Series series, ShardSet shards)
    {
        // The count is the sum of the buckets, so that the two agree even while loops are writing.
        Span<long> cumulative = stackalloc long[HistogramBounds.Count];
        var count = 0L;
        for (var i = 0; i < cumulative.Length; i++)
            cumulative[i] = count += series.Read(shards, i);
        writer.Histogram(this, series, cumulative, series.Read(shards, HistogramBounds.Count));
    }
}

/// <summary>Takes one histogram of a family.</summary>
/// <param name="labels">The label values in the family's order; see <see cref="CounterFamily.ReadAll"/>.</param>
/// <param name="counts">How many observations fell into each bucket of <see cref="HistogramBounds"/>.</param>
/// <param name="sumNanoseconds">Of all observations.</param>
public delegate void ReadHistogram(IReadOnlyList<string> labels, ReadOnlySpan<long> counts, long sumNanoseconds);
