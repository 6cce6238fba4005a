namespace Weft.Http;

/// <summary>
/// The decoder's dynamic table (RFC 7541 section 2.3.2). Entries are kept as whole field lines, with what is known of them, so that a
/// reference costs one copy. It takes memory only as it is filled.
/// </summary>
internal sealed class DecoderTable
{
    /// <summary>What the RFC adds to each entry's size.</summary>
    public const int EntryOverhead = 32;

    private const int FirstEntries = 16;
    private const int FirstBytes = 1024;

    private readonly int _maxSize;
    private Entry[] _entries = [];
    private byte[] _lines = [];

    // The newest entry is at _newest; entries lie in a ring. Lines lie one behind the other, the oldest first.
    private int _newest = -1;
    private int _linesEnd;

    /// <summary>An empty table.</summary>
    /// <param name="maxSize">The bound that was offered, in bytes as the RFC counts them.</param>
    public DecoderTable(int maxSize)
    {
        _maxSize = maxSize;
        Limit = maxSize;
    }

    /// <summary>The bound that the encoder has set, at most the one that was offered.</summary>
    public int Limit { get; private set; }

    public int Size { get; private set; }

    public int Count { get; private set; }

    /// <summary>Sets the bound; false when it is larger than what was offered.</summary>
    public bool TrySetLimit(int limit)
    {
        if (limit > _maxSize)
        {
            return false;
        }

        Limit = limit;
        Evict(0);
        return true;
    }

    /// <summary>The entry at 0 (the newest) to <see cref="Count"/> - 1.</summary>
    public HpackField Field(int index)
    {
        ref readonly var entry = ref _entries[(_newest - index) & (_entries.Length - 1)];
        return new HpackField(
            _lines.AsSpan(entry.Start, entry.NameLength + entry.ValueLength + HpackField.LineOverhead),
            entry.NameLength,
            entry.ValueLength,
            entry.Traits,
            neverIndexed: false
        );
    }

    /// <summary>Adds a field, whose bytes may be an entry's own; one that is larger than the table empties it.</summary>
    public void Add(in HpackField field)
    {
        var size = field.NameLength + field.ValueLength + EntryOverhead;
        Evict(size);
        if (size > Limit)
        {
            return;
        }

        var start = Reserve(field.Line.Length);
        field.Line.CopyTo(_lines.AsSpan(start));
        if (Count == _entries.Length)
        {
            GrowEntries();
        }

        _newest = (_newest + 1) & (_entries.Length - 1);
        _entries[_newest] = new Entry
        {
            Start = start,
            NameLength = field.NameLength,
            ValueLength = field.ValueLength,
            Traits = field.Traits,
        };
        Count++;
        Size += size;
    }

    /// <summary>Empties the table, as a field does that is larger than it.</summary>
    public void Clear()
    {
        Count = 0;
        Size = 0;
        _linesEnd = 0;
    }

    /// <summary>Drops the oldest entries until <paramref name="needed"/> bytes more fit.</summary>
    private void Evict(int needed)
    {
        while (Count > 0 && Size + needed > Limit)
        {
            ref readonly var oldest = ref _entries[(_newest - Count + 1) & (_entries.Length - 1)];
            Size -= oldest.NameLength + oldest.ValueLength + EntryOverhead;
            Count--;
        }

        if (Count == 0)
        {
            Clear();
        }
    }

    /// <summary>Room for a line behind the others. Twice the table's bound is enough for lines to be moved together rarely.</summary>
    private int Reserve(int length)
    {
        if (_linesEnd + length > _lines.Length)
        {
            var first = Count == 0 ? _linesEnd : _entries[(_newest - Count + 1) & (_entries.Length - 1)].Start;
            var live = _linesEnd - first;
            var lines =
                (live + length) * 2 <= _lines.Length
                    ? _lines
                    : new byte[Math.Max(FirstBytes, Math.Min((live + length) * 2, (2 * _maxSize) + FirstBytes))];
            _lines.AsSpan(first, live).CopyTo(lines);
            _lines = lines;
            _linesEnd = live;
            for (var i = 0; i < Count; i++)
            {
                _entries[(_newest - i) & (_entries.Length - 1)].Start -= first;
            }
        }

        var start = _linesEnd;
        _linesEnd += length;
        return start;
    }

    private void GrowEntries()
    {
        var larger = new Entry[Math.Max(FirstEntries, _entries.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            larger[Count - 1 - i] = _entries[(_newest - i) & (_entries.Length - 1)];
        }

        _newest = Count - 1;
        _entries = larger;
    }

    private struct Entry
    {
        public int Start;
        public int NameLength;
        public int ValueLength;
        public FieldTraits Traits;
    }
}
