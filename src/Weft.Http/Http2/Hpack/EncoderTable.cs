using System.Numerics;

namespace Weft.Http;

/// <summary>
/// The encoder's copy of the dynamic table: finds a field by its bytes in constant time. It takes memory only as it is filled.
/// </summary>
internal sealed class EncoderTable
{
    private const int Slots = 256;

    // Entries lie in a ring, by the number of their insertion; their bytes in a ring of their own, unbroken per entry.
    private Entry[] _entries = [];
    private byte[] _bytes = [];
    private ushort[] _slots = [];
    private int _inserted;
    private int _count;
    private int _size;
    private int _bytesEnd;

    public int Limit { get; private set; } = HpackDecoder.DefaultTableSize;

    public static uint Hash(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var hash = Mix(0x9E37_79B9U, name);
        return Mix(hash ^ (uint)name.Length, value);
    }

    public void SetLimit(int limit)
    {
        Limit = limit;
        Evict(0);
    }

    /// <summary>The index of the field in the block's terms (62 is the newest), or 0.</summary>
    public int Find(uint hash, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_count == 0)
        {
            return 0;
        }

        // A slot remembers the newest entry of its hash, as the low bits of its number.
        var number = _slots[hash & (Slots - 1)];
        var age = (ushort)(_inserted - number);
        if (age >= _count)
        {
            return 0;
        }

        ref readonly var entry = ref _entries[(_inserted - age) & (_entries.Length - 1)];
        var found =
            entry.Hash == hash
            && entry.NameLength == name.Length
            && entry.ValueLength == value.Length
            && _bytes.AsSpan(entry.Start, name.Length).SequenceEqual(name)
            && _bytes.AsSpan(entry.Start + name.Length, value.Length).SequenceEqual(value);
        return found ? StaticTable.Count + 1 + age : 0;
    }

    /// <summary>True when the field may take its place in the table.</summary>
    public bool Fits(int nameLength, int valueLength) =>
        nameLength + valueLength + DecoderTable.EntryOverhead <= Limit / 2;

    public void Add(uint hash, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length;
        Evict(length + DecoderTable.EntryOverhead);
        var start = Reserve(length);
        name.CopyTo(_bytes.AsSpan(start));
        value.CopyTo(_bytes.AsSpan(start + name.Length));
        if (_count == _entries.Length)
        {
            GrowEntries();
        }

        _inserted++;
        _entries[_inserted & (_entries.Length - 1)] = new Entry
        {
            Hash = hash,
            Start = start,
            NameLength = name.Length,
            ValueLength = value.Length,
        };
        _slots[hash & (Slots - 1)] = (ushort)_inserted;
        _count++;
        _size += length + DecoderTable.EntryOverhead;
    }

    private static uint Mix(uint hash, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ BitConverter.ToUInt32(bytes), 13) * 0x85EB_CA6BU;
            bytes = bytes[4..];
        }

        foreach (var b in bytes)
        {
            hash = BitOperations.RotateLeft(hash ^ b, 11) * 0x9E37_79B1U;
        }

        return hash ^ (hash >> 15);
    }

    private ref Entry Oldest => ref _entries[(_inserted - _count + 1) & (_entries.Length - 1)];

    private void Evict(int needed)
    {
        while (_count > 0 && _size + needed > Limit)
        {
            _size -= Oldest.NameLength + Oldest.ValueLength + DecoderTable.EntryOverhead;
            _count--;
        }

        if (_count == 0)
        {
            _bytesEnd = 0;
        }
    }

    private int Reserve(int length)
    {
        if (_bytesEnd + length > _bytes.Length)
        {
            var first = _count == 0 ? _bytesEnd : Oldest.Start;
            var live = _bytesEnd - first;
            var bytes = (live + length) * 2 <= _bytes.Length ? _bytes : new byte[Math.Max(512, (live + length) * 2)];
            _bytes.AsSpan(first, live).CopyTo(bytes);
            _bytes = bytes;
            _bytesEnd = live;
            for (var i = 0; i < _count; i++)
            {
                _entries[(_inserted - i) & (_entries.Length - 1)].Start -= first;
            }
        }

        var start = _bytesEnd;
        _bytesEnd += length;
        return start;
    }

    private void GrowEntries()
    {
        var larger = new Entry[Math.Max(16, _entries.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[(_inserted - i) & (larger.Length - 1)] = _entries[(_inserted - i) & (_entries.Length - 1)];
        }

        _entries = larger;
        if (_slots.Length == 0)
        {
            _slots = new ushort[Slots];
        }
    }

    private struct Entry
    {
        public uint Hash;
        public int Start;
        public int NameLength;
        public int ValueLength;
    }
}
