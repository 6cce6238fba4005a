using System.Runtime.CompilerServices;

namespace Weft.Telemetry;

/// <summary>
/// One event loop's part of all metrics: plain numbers that only the loop's thread writes, and that a scrape reads and adds
/// up with those of the other loops. Writing takes no lock and no interlocked instruction, and allocates only when there are
/// more series than ever before.
/// </summary>
public sealed class MetricShard
{
    private readonly MetricRegistry _registry;

    // The owner's view. Emptied on retirement, so that a late write is noticed and not lost.
    private long[] _cells = [];

    // The readers' view: the same array. A reader that still holds the one before it sees values that are at most a moment old.
    private long[] _published = [];
    private bool _retired;

    internal MetricShard(MetricRegistry registry) => _registry = registry;

    internal ReadOnlySpan<long> Published => Volatile.Read(ref _published);

    /// <summary>Counts. Only from the thread that owns the shard, as everything here.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative: counters do not go back.</exception>
    public void Add(CounterSlot slot, long amount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        CellAt(slot.Cell) += amount;
    }

    /// <summary>Moves a gauge up or down; its value is the sum over all shards.</summary>
    public void Add(GaugeSlot slot, long amount) => CellAt(slot.Cell) += amount;

    /// <summary>Records a duration in nanoseconds; below 0 counts as 0.</summary>
    public void Record(HistogramSlot slot, long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        // The last cell first: when it is there, all are.
        CellAt(slot.Cell + HistogramBounds.Count) += nanoseconds;
        CellAt(slot.Cell + HistogramBounds.IndexOf(nanoseconds))++;
    }

    /// <summary>
    /// Hands what was counted over to the registry, so that no counter goes back when the loop is gone. Called once, when
    /// the owner writes no more.
    /// </summary>
    public void Retire()
    {
        if (_retired)
            return;
        _retired = true;
        _cells = [];
        _registry.Retire(this);
    }

    internal long Read(int cell)
    {
        var cells = Volatile.Read(ref _published);
        return (uint)cell < (uint)cells.Length ? Volatile.Read(ref cells[cell]) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref long CellAt(int index)
    {
        var cells = _cells;
        if ((uint)index >= (uint)cells.Length)
            cells = Grow(index);
        return ref cells[index];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long[] Grow(int index)
    {
        ObjectDisposedException.ThrowIf(_retired, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var cells = new long[Math.Max(Math.Max(index + 1, _registry.ReservedCells), _cells.Length * 3 / 2)];
        _cells.CopyTo(cells, 0);
        _cells = cells;
        Volatile.Write(ref _published, cells);
        return cells;
    }
}
