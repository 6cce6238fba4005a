using System.Buffers;

namespace Weft.Telemetry;

/// <summary>
/// All metrics of a process. Families are declared once, at start; every event loop writes to a shard of its own; a scrape adds
/// the shards up. A loop never waits for a scrape longer than it takes to copy a family's list of series.
/// </summary>
public sealed class MetricRegistry
{
    /// <summary>Series that nobody holds and that did not move for so long are left out.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private const int DefaultMaxSeries = 1000;

    private readonly TimeProvider _time;
    private readonly Lock _shardsGate = new();
    private readonly Lock _scrapeGate = new();
    private readonly Lock _offLoopGate = new();
    private readonly MetricShard _offLoop;
    private readonly CounterFamily _failures;
    private ShardSet _shards = ShardSet.Empty;
    private MetricFamily[] _families = [];

    // Enough cells for the default slot of any kind, which belongs to no series.
    private int _reservedCells = HistogramBounds.Count + 1;

    public MetricRegistry(TimeProvider time)
    {
        _time = time;
        _offLoop = CreateShard();
        _failures = Counter(
            "weft_metrics_failures_total",
            "Scrapes that left a metric out because reading it failed.",
            [MetricLabel.Closed("metric")]
        );
    }

    internal int ReservedCells => Volatile.Read(ref _reservedCells);

    internal ShardSet Shards => Volatile.Read(ref _shards);

    /// <summary>Declares a counter.</summary>
    /// <param name="name">Ends in <c>_total</c>; declared once.</param>
    /// <param name="help">What it means, in one sentence.</param>
    /// <param name="labels">Plain strings are open labels; see <see cref="MetricLabel"/>.</param>
    /// <param name="maxSeries">The bound beyond which open labels fold into <c>other</c>.</param>
    public CounterFamily Counter(
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels = default,
        int maxSeries = DefaultMaxSeries
    ) => Declare(new CounterFamily(this, name, help, labels, maxSeries));

    /// <summary>Declares a gauge that loops move up and down.</summary>
    /// <param name="name">Declared once.</param>
    /// <param name="help">What it means, in one sentence.</param>
    /// <param name="labels">Plain strings are open labels; see <see cref="MetricLabel"/>.</param>
    /// <param name="maxSeries">The bound beyond which open labels fold into <c>other</c>.</param>
    /// <param name="hideWhenIdle">False where a 0 that lasts is news too (endpoints that are ready): it stays visible while someone holds it.</param>
    public GaugeFamily Gauge(
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels = default,
        int maxSeries = DefaultMaxSeries,
        bool hideWhenIdle = true
    ) => Declare(new GaugeFamily(this, name, help, labels, maxSeries, hideWhenIdle));

    /// <summary>Declares a histogram of durations.</summary>
    public HistogramFamily Histogram(
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels = default,
        int maxSeries = DefaultMaxSeries
    ) => Declare(new HistogramFamily(this, name, help, labels, maxSeries));

    /// <summary>Declares a gauge or a counter that every scrape asks for. The callback runs on the scraping thread.</summary>
    public ObservedFamily Observe(
        MetricKind kind,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        Action<Observations> observe,
        int maxSeries = DefaultMaxSeries
    )
    {
        if (kind == MetricKind.Histogram)
            throw new ArgumentException("a histogram cannot be observed", nameof(kind));
        return Declare(new ObservedFamily(kind, name, help, labels, maxSeries, observe));
    }

    /// <summary>Declares a gauge without labels that every scrape asks for.</summary>
    public ObservedFamily Observe(string name, string help, Func<double> value) =>
        Observe(MetricKind.Gauge, name, help, [], observations => observations.Add(value()));

    /// <summary>A shard for one more thread, which alone writes to it.</summary>
    public MetricShard CreateShard()
    {
        var shard = new MetricShard(this);
        lock (_shardsGate)
            Volatile.Write(ref _shards, _shards.With(shard));
        return shard;
    }

    /// <summary>Counts from any thread that has no shard, with a lock: for what happens off the loops.</summary>
    public void Add(CounterSlot slot, long amount = 1)
    {
        lock (_offLoopGate)
            _offLoop.Add(slot, amount);
    }

    /// <inheritdoc cref="Add(CounterSlot, long)"/>
    public void Add(GaugeSlot slot, long amount)
    {
        lock (_offLoopGate)
            _offLoop.Add(slot, amount);
    }

    /// <inheritdoc cref="Add(CounterSlot, long)"/>
    public void Record(HistogramSlot slot, long nanoseconds)
    {
        lock (_offLoopGate)
            _offLoop.Record(slot, nanoseconds);
    }

    /// <summary>Writes all metrics as they are now. Scrapes wait for each other; loops do not wait for a scrape.</summary>
    public void WriteTo(IBufferWriter<byte> output, MetricsFormat format)
    {
        lock (_scrapeGate)
        {
            var writer = new ExpositionWriter(output, format);
            var now = _time.GetTimestamp();
            foreach (var family in Volatile.Read(ref _families))
            {
                family.Write(writer, Shards, now);
                if (family is ObservedFamily { LastSucceeded: false })
                    CountFailure(family.Name);
            }

            writer.End();
        }
    }

    internal int ReserveCells(int count) => Interlocked.Add(ref _reservedCells, count) - count;

    internal bool IsIdle(long since, long now) => _time.GetElapsedTime(since, now) >= IdleAfter;

    internal void Retire(MetricShard shard)
    {
        lock (_shardsGate)
            Volatile.Write(ref _shards, _shards.Without(shard));
    }

    private void CountFailure(string metric)
    {
        var slot = _failures.Series(metric);
        Add(slot);
        _failures.Release(slot);
    }

    private T Declare<T>(T family)
        where T : MetricFamily
    {
        lock (_shardsGate)
        {
            if (_families.Any(other => other.Name == family.Name))
                throw new InvalidOperationException($"the metric '{family.Name}' is declared twice");
            Volatile.Write(ref _families, [.. _families, family]);
        }

        return family;
    }
}
