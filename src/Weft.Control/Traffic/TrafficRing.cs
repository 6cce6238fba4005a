using Weft.Api.Traffic;

namespace Weft.Control;

/// <summary>
/// The counts of one series in the last ten minutes, in slots of ten seconds. A count is kept in words of 16 bits, each of them a row of
/// slots: a word that no count has needed costs nothing, and most series need a dozen (docs/adr/0013). No clock of its own.
/// </summary>
internal sealed class TrafficRing
{
    /// <summary>How many slots there are.</summary>
    public const int Slots = 60;

    /// <summary>Seconds of one slot.</summary>
    public const int SlotSeconds = 10;

    // Where each count begins; up to three words of each.
    private const int Successes = 0;
    private const int Failures = 3;
    private const int Retries = 6;
    private const int Microseconds = 9;
    private const int Durations = 12;
    private const int Words = 3;

    // Of each row of cells, which word it holds.
    private byte[] _words = [];
    private ushort[] _cells = [];
    private long _latest = long.MinValue;

    /// <summary>The last slot that something was added to, or could have been.</summary>
    public long Latest => _latest;

    /// <summary>The slot of a time.</summary>
    /// <param name="seconds">Of a clock that never goes back.</param>
    public static long SlotOf(double seconds) => (long)Math.Floor(seconds / SlotSeconds);

    /// <summary>Adds to a slot; nothing when it is older than the ring.</summary>
    public void Add(long slot, SeriesTotals moved)
    {
        MoveTo(slot);
        if (slot <= _latest - Slots)
        {
            return;
        }

        var at = (int)(slot % Slots);
        Add(Successes, at, moved.Successes);
        Add(Failures, at, moved.Failures);
        Add(Retries, at, moved.Retries);
        Add(Microseconds, at, (moved.SumNanoseconds + 500) / 1000);
        for (var bucket = 0; bucket < ReportLimits.Buckets; bucket++)
        {
            Add(Durations + (Words * bucket), at, moved.Durations[bucket]);
        }
    }

    /// <summary>Adds what is in some slots to a sum.</summary>
    /// <param name="from">The first slot.</param>
    /// <param name="to">The last slot.</param>
    /// <param name="sum">What is added to.</param>
    public void AddTo(long from, long to, SeriesTotals sum)
    {
        var (first, last) = (Math.Max(from, _latest - Slots + 1), Math.Min(to, _latest));
        for (var row = 0; row < _words.Length; row++)
        {
            var cells = _cells.AsSpan(row * Slots, Slots);
            var amount = 0L;
            for (var slot = first; slot <= last; slot++)
            {
                amount += cells[(int)(slot % Slots)];
            }

            AddTo(sum, _words[row], amount);
        }
    }

    private static void AddTo(SeriesTotals sum, int word, long amount)
    {
        amount <<= 16 * (word % Words);
        switch (word - (word % Words))
        {
            case Successes:
                sum.Successes += amount;
                break;
            case Failures:
                sum.Failures += amount;
                break;
            case Retries:
                sum.Retries += amount;
                break;
            case Microseconds:
                sum.SumNanoseconds += amount * 1000;
                break;
            default:
                sum.Durations[(word - Durations) / Words] += amount;
                break;
        }
    }

    private void Add(int count, int at, long amount)
    {
        for (var word = count; amount > 0 && word < count + Words; word++)
        {
            ref var cell = ref CellOf(word, at);
            amount += cell;
            cell = (ushort)amount;
            amount >>= 16;
        }
    }

    private ref ushort CellOf(int word, int at)
    {
        var row = _words.AsSpan().IndexOf((byte)word);
        if (row < 0)
        {
            row = _words.Length;
            Array.Resize(ref _words, row + 1);
            Array.Resize(ref _cells, (row + 1) * Slots);
            _words[row] = (byte)word;
        }

        return ref _cells[(row * Slots) + at];
    }

    /// <summary>Empties the slots that come round again.</summary>
    private void MoveTo(long slot)
    {
        if (slot <= _latest)
        {
            return;
        }

        var first = _latest == long.MinValue ? slot : Math.Max(_latest + 1, slot - Slots + 1);
        for (var next = first; next <= slot; next++)
        {
            for (var row = 0; row < _words.Length; row++)
            {
                _cells[(row * Slots) + (int)(next % Slots)] = 0;
            }
        }

        _latest = slot;
    }
}
