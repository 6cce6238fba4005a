using System.Runtime.InteropServices;

namespace Weft.Proxy;

/// <summary>
/// A map from byte strings that strangers choose to what was worked out for them, bounded: when it is full, an entry goes that was not used since
/// the hand of the clock last passed it (the CLOCK policy; Corbato, 1968). Not thread-safe: it belongs to a loop.
/// </summary>
/// <remarks>Hashes are seeded, so that nobody can choose keys that fall together.</remarks>
internal sealed class BoundedByteMap<T>(int capacity, ulong seed, Action<T> onEvicted)
    where T : class
{
    private readonly Dictionary<ulong, int> _byHash = new(capacity);
    private readonly List<Entry> _entries = new(Math.Min(capacity, 64));
    private int _hand;

    public int Count => _entries.Count;

    public IEnumerable<T> Values => _entries.Select(e => e.Value);

    /// <summary>What is known for the key; null when it is not, or no more.</summary>
    public T? Find(ReadOnlySpan<byte> key)
    {
        if (!_byHash.TryGetValue(Hash(key), out var index))
        {
            return null;
        }

        ref var entry = ref CollectionsMarshal.AsSpan(_entries)[index];
        if (!key.SequenceEqual(entry.Key))
        {
            return null;
        }

        entry.Used = true;
        return entry.Value;
    }

    /// <summary>Adds or replaces; may evict another entry.</summary>
    public void Set(ReadOnlySpan<byte> key, T value)
    {
        var hash = Hash(key);
        // Two keys with one 64-bit hash share a place: the later one has it.
        if (_byHash.TryGetValue(hash, out var index))
        {
            Replace(index, key, hash, value);
        }
        else if (_entries.Count < capacity)
        {
            _byHash[hash] = _entries.Count;
            _entries.Add(
                new Entry
                {
                    Key = key.ToArray(),
                    Hash = hash,
                    Value = value,
                    Used = false,
                }
            );
        }
        else
        {
            index = Victim();
            _byHash.Remove(_entries[index].Hash);
            _byHash[hash] = index;
            Replace(index, key, hash, value);
        }
    }

    /// <summary>Evicts every entry for which <paramref name="condition"/> holds.</summary>
    public void RemoveWhere(Func<T, bool> condition)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            if (!condition(entry.Value))
            {
                continue;
            }

            _byHash.Remove(entry.Hash);
            var last = _entries.Count - 1;
            if (i != last)
            {
                _entries[i] = _entries[last];
                _byHash[_entries[i].Hash] = i;
            }

            _entries.RemoveAt(last);
            onEvicted(entry.Value);
        }

        _hand = 0;
    }

    private void Replace(int index, ReadOnlySpan<byte> key, ulong hash, T value)
    {
        var old = _entries[index].Value;
        _entries[index] = new Entry
        {
            Key = key.ToArray(),
            Hash = hash,
            Value = value,
            Used = false,
        };
        onEvicted(old);
    }

    private int Victim()
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        while (true)
        {
            _hand = (_hand + 1) % entries.Length;
            ref var entry = ref entries[_hand];
            if (!entry.Used)
            {
                return _hand;
            }

            entry.Used = false;
        }
    }

    /// <summary>Multiply and fold, eight bytes at a time, from a secret seed (the construction of wyhash).</summary>
    private ulong Hash(ReadOnlySpan<byte> key)
    {
        const ulong multiplier = 0xa0761d6478bd642f;
        var hash = seed ^ (ulong)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(key), multiplier ^ seed);
            key = key[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (var b in key)
        {
            rest = (rest << 8) | b;
        }

        return Fold(hash ^ rest, multiplier ^ (seed << 1));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private struct Entry
    {
        public byte[] Key;
        public ulong Hash;
        public T Value;
        public bool Used;
    }
}
