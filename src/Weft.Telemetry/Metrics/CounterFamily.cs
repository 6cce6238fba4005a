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

    /// <summary>
    /// Reads every series as it is now. From any thread; loops do not wait for it. The labels are the series' own: one object for as long as it
    /// lives, and another one when one of the same labels begins at 0 again.
    /// </summary>
    public void ReadAll(Action<IReadOnlyList<string>, long> read)
    {
        var shards = Shards;
        foreach (var series in All())
            read(series.Labels, series.Read(shards));
    }

    private protected override long ProgressOf(Series series, ShardSet shards) => series.Read(shards);

    private protected override void WriteSeries(ExpositionWriter writer, Series series, ShardSet shards) =>
        writer.Sample(this, series, series.Read(shards));
}
