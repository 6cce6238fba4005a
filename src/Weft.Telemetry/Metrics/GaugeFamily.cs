namespace Weft.Telemetry;

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
