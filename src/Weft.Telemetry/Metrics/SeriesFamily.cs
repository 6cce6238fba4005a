namespace Weft.Telemetry;

/// <summary>
/// A family whose series are kept in shards. The number of series is bounded, and stays so over any number of names:
/// <list type="bullet">
/// <item>Beyond the bound, open labels fold into <c>other</c>; were even these too many, all labels do.</item>
/// <item>A series is acquired and released. When nobody holds it any more and nothing moved for ten minutes, a scrape leaves
/// it out and its slot is free for another: its total does not move to <c>other</c>, where it would look like a burst of
/// requests. Released series that are acquired again before that go on where they were.</item>
/// <item>A write to a slot that was freed, by someone who still held a copy, is counted in <c>other</c>.</item>
/// </list>
/// So no series that a scrape has shown ever goes back: it either grows, or is gone from at least one scrape.
/// </summary>
public abstract class SeriesFamily : MetricFamily
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string[], Series> _series = new(LabelValues.Comparer);
    private readonly Dictionary<int, Series> _byCell = [];
    private readonly Queue<Series> _freed = new();
    private readonly MetricRegistry _registry;
    private readonly int _maxSeries;
    private readonly int _cellsPerSeries;
    private int _permanent;

    private protected SeriesFamily(
        MetricRegistry registry,
        MetricKind kind,
        string name,
        string help,
        ReadOnlySpan<MetricLabel> labels,
        int maxSeries
    )
        : base(kind, name, help, labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSeries, 1);
        _registry = registry;
        _maxSeries = maxSeries;
        _cellsPerSeries = kind == MetricKind.Histogram ? HistogramBounds.Count + 1 : 1;
    }

    private protected int Acquire(ReadOnlySpan<string> labels)
    {
        if (labels.Length != Labels.Length)
            throw new ArgumentException(
                $"'{Name}' has {Labels.Length} labels, but {labels.Length} values were given",
                nameof(labels)
            );
        if (LabelValues.NeedsCleaning(labels))
            labels = CleanAll(labels);
        lock (_gate)
        {
            var known = _series.GetAlternateLookup<ReadOnlySpan<string>>();
            if (!known.TryGetValue(labels, out var series))
            {
                series = _series.Count - _permanent < _maxSeries ? Create(labels.ToArray()) : FoldedFor(labels);
            }

            series.Users++;
            return series.Cell;
        }
    }

    private protected void ReleaseCell(int cell)
    {
        lock (_gate)
        {
            if (!_byCell.TryGetValue(cell, out var series) || series.Users == 0)
                throw new InvalidOperationException($"a series of '{Name}' was released oftener than it was acquired");
            series.Users--;
        }
    }

    private protected long ReadCell(int cell, int index = 0)
    {
        Series? series;
        lock (_gate)
            _byCell.TryGetValue(cell, out series);
        return series?.Read(_registry.Shards, index) ?? 0;
    }

    internal sealed override void Write(ExpositionWriter writer, ShardSet shards, long now)
    {
        writer.Begin(this);
        foreach (var series in All())
        {
            var seen = ProgressOf(series, shards);
            if (seen != series.LastSeen)
                (series.LastSeen, series.LastMoved) = (seen, now);
            var isIdle = _registry.IsIdle(series.LastMoved, now);
            if (isIdle && TryFree(series, shards))
                continue;
            if (IsShown(series, seen, isIdle))
                WriteSeries(writer, series, shards);
        }
    }

    private protected ShardSet Shards => _registry.Shards;

    /// <summary>The series of this moment.</summary>
    private protected Series[] All()
    {
        // Held only to copy references: a loop may be waiting to acquire a series.
        lock (_gate)
            return [.. _series.Values];
    }

    /// <summary>A number that changes whenever the series does.</summary>
    private protected abstract long ProgressOf(Series series, ShardSet shards);

    private protected abstract void WriteSeries(ExpositionWriter writer, Series series, ShardSet shards);

    /// <summary>False when a scrape leaves the series out for now.</summary>
    private protected virtual bool IsShown(Series series, long value, bool isIdle) => true;

    /// <summary>False while freeing the series would lose something that is still there.</summary>
    private protected virtual bool MayFree(Series series) => true;

    private static string[] CleanAll(ReadOnlySpan<string> labels)
    {
        var cleaned = labels.ToArray();
        for (var i = 0; i < cleaned.Length; i++)
            cleaned[i] = LabelValues.Clean(cleaned[i]);
        return cleaned;
    }

    private Series Create(string[] labels)
    {
        if (!_freed.TryDequeue(out var freed))
            return CreateFresh(labels);
        Settle(freed);
        return Add(new Series(labels, freed.Cell, freed.Offset));
    }

    private Series CreateFresh(string[] labels) =>
        Add(new Series(labels, _registry.ReserveCells(_cellsPerSeries), new long[_cellsPerSeries]));

    private Series Add(Series series)
    {
        _series.Add(series.Labels, series);
        _byCell.Add(series.Cell, series);
        return series;
    }

    /// <summary>The series for what does not fit: at most as many again as fit, and at last one for everything.</summary>
    private Series FoldedFor(ReadOnlySpan<string> labels)
    {
        var folded = labels.ToArray();
        for (var i = 0; i < folded.Length; i++)
        {
            if (Labels[i].IsOpen)
                folded[i] = LabelValues.Other;
        }

        if (_permanent >= _maxSeries && !_series.ContainsKey(folded))
            Array.Fill(folded, LabelValues.Other);
        return Permanent(folded);
    }

    private Series Permanent(string[] labels)
    {
        // Never in a freed slot: settling that one may be what asks for this series.
        if (!_series.TryGetValue(labels, out var series))
            series = CreateFresh(labels);
        if (!series.IsPermanent)
        {
            series.IsPermanent = true;
            _permanent++;
        }

        return series;
    }

    /// <summary>Takes an idle series out, unless somebody holds it or just moved it.</summary>
    private bool TryFree(Series series, ShardSet shards)
    {
        lock (_gate)
        {
            if (series.Users > 0 || series.IsPermanent || !MayFree(series))
                return false;
            if (ProgressOf(series, shards) != series.LastSeen)
                return false;
            _series.Remove(series.Labels);
            _byCell.Remove(series.Cell);
            for (var i = 0; i < series.Offset.Length; i++)
                series.Offset[i] = -shards.Sum(series.Cell + i);
            _freed.Enqueue(series);
            return true;
        }
    }

    /// <summary>Moves what was written to a freed slot since it was freed to the series for everything else.</summary>
    private void Settle(Series freed)
    {
        var shards = _registry.Shards;
        Series? other = null;
        for (var i = 0; i < freed.Offset.Length; i++)
        {
            var late = freed.Read(shards, i);
            if (late == 0)
                continue;
            other ??= Permanent([.. Labels.Select(_ => LabelValues.Other)]);
            Volatile.Write(ref other.Offset[i], other.Offset[i] + late);
            freed.Offset[i] -= late;
        }
    }
}
