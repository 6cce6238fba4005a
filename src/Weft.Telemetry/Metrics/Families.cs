namespace Weft.Telemetry;

/// <summary>Counts of what happened.</summary>
public sealed class CounterFamily : SeriesFamily
{
    internal CounterFamily(
        MetricRegistry registry,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        int maxSeries
    )
        : base(registry, MetricKind.Counter, name, help, labels, maxSeries) { }

    /// <summary>
    /// The series of these label values, one per label in the family's order: the same slot for the same values. From any thread;
    /// takes a short lock, so it is called when a route is built and not for each request. Who acquires and does not hold the slot for
    /// ever releases it, once per acquisition.
    /// </summary>
    public CounterSlot Series(params ReadOnlySpan<string> labels) => new(Acquire(labels));

    /// <summary>Gives back one acquisition, when nothing will be added through it any more.</summary>
    /// <exception cref="InvalidOperationException">It was given back already.</exception>
    public void Release(CounterSlot slot) => ReleaseCell(slot.Cell);

    /// <summary>The value now; 0 for a slot whose series is gone.</summary>
    public long Read(CounterSlot slot) => ReadCell(slot.Cell);

    private protected override long ProgressOf(Series series, ShardSet shards) => series.Read(shards);

    private protected override void WriteSeries(ExpositionWriter writer, Series series, ShardSet shards) =>
        writer.Sample(this, series, series.Read(shards));
}

/// <summary>Levels, kept as what each shard added and took away.</summary>
public sealed class GaugeFamily : SeriesFamily
{
    private readonly bool _hideWhenIdle;

    internal GaugeFamily(
        MetricRegistry registry,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        int maxSeries,
        bool hideWhenIdle
    )
        : base(registry, MetricKind.Gauge, name, help, labels, maxSeries) => _hideWhenIdle = hideWhenIdle;

    /// <inheritdoc cref="CounterFamily.Series"/>
    public GaugeSlot Series(params ReadOnlySpan<string> labels) => new(Acquire(labels));

    /// <inheritdoc cref="CounterFamily.Release"/>
    public void Release(GaugeSlot slot) => ReleaseCell(slot.Cell);

    /// <inheritdoc cref="CounterFamily.Read"/>
    public long Read(GaugeSlot slot) => ReadCell(slot.Cell);

    private protected override long ProgressOf(Series series, ShardSet shards) => series.Read(shards);

    private protected override void WriteSeries(ExpositionWriter writer, Series series, ShardSet shards) =>
        writer.Sample(this, series, series.Read(shards));

    private protected override bool IsShown(Series series, long value, bool isIdle) =>
        value != 0 || (series.Users > 0 && !(isIdle && _hideWhenIdle));

    // Something is still open, and will be taken away when it ends.
    private protected override bool MayFree(Series series) => series.LastSeen == 0;
}

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
