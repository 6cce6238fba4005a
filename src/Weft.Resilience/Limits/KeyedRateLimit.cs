namespace Weft.Resilience;

/// <summary>
/// A token bucket for each of many keys (clients, header values), in bounded memory and exact over all loops: a table of sets with eight
/// buckets each, like a processor's cache, one lock per set. A key without a bucket takes that one of its set which is full again the soonest. A
/// bucket that is full is as good as new, so nothing is lost while no set holds more than eight busy keys; beyond that a newcomer
/// takes over the debt of the key that it displaces. Inventing keys therefore never gets anybody more than one bucket's tokens out of
/// each place of the table.
/// </summary>
public sealed class KeyedRateLimit
{
    private const int Ways = 8;

    private readonly TokenRate _rate;
    private readonly ulong _seed;
    private readonly Set[] _sets;

    /// <summary>Full buckets for every key.</summary>
    /// <param name="requests">Tokens per period and key, at least 1.</param>
    /// <param name="per">The period, above 0.</param>
    /// <param name="burst">Tokens beyond that, at least 0.</param>
    /// <param name="keys">Keys that have buckets of their own at a time; rounded up to a power of two, at least 8.</param>
    /// <param name="seed">A number that strangers do not know, so that they cannot choose keys of one set.</param>
    public KeyedRateLimit(int requests, TimeSpan per, int burst, int keys, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys, 1 << 24);
        _rate = new TokenRate(requests, per, burst);
        _seed = seed;
        _sets = new Set[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(keys, Ways)) / Ways];
        for (var i = 0; i < _sets.Length; i++)
            _sets[i] = new Set();
    }

    /// <summary>Takes a token of a key; 0 when there was one, otherwise the nanoseconds until there will be. Any thread.</summary>
    public long Take(ReadOnlySpan<byte> key, long now)
    {
        var hash = StableHash.Of(key, _seed);
        var set = _sets[(int)(hash & (ulong)(_sets.Length - 1))];
        lock (set.Gate)
            return set.Take(hash, _rate, now);
    }

    private sealed class Set
    {
        private readonly ulong[] _keys = new ulong[Ways];
        private readonly long[] _fullAt = new long[Ways];

        public Set() => Array.Fill(_fullAt, long.MinValue);

        public Lock Gate { get; } = new();

        public long Take(ulong key, TokenRate rate, long now)
        {
            var way = Array.IndexOf(_keys, key);
            if (way < 0)
            {
                way = SoonestFull();
                _keys[way] = key;
            }

            return rate.Take(_fullAt[way], now, out _fullAt[way]);
        }

        private int SoonestFull()
        {
            var soonest = 0;
            for (var i = 1; i < Ways; i++)
            {
                if (_fullAt[i] < _fullAt[soonest])
                    soonest = i;
            }

            return soonest;
        }
    }
}
