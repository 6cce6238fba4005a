using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// The counter slots of one name by status and outcome. There are few in practice and the usual one stands first, so a short list beats a
/// table of six hundred.
/// </summary>
internal sealed class StatusSlots(CounterFamily family, Func<int, bool, bool, CounterSlot> make)
{
    private (int Key, CounterSlot Slot)[] _slots = [];
    private bool _released;

    public void Count(MetricShard shard, int status, bool failed, bool retry)
    {
        shard.Add(Find(status, failed, retry));
        if (_released)
        {
            // A request that ended after its name was given up: it counts, and nothing is held for the next one.
            Release();
        }
    }

    public void Release()
    {
        _released = true;
        foreach (var (_, slot) in _slots)
        {
            family.Release(slot);
        }

        _slots = [];
    }

    private CounterSlot Find(int status, bool failed, bool retry)
    {
        var key = (status << 2) | (failed ? 2 : 0) | (retry ? 1 : 0);
        foreach (var (known, slot) in _slots)
        {
            if (known == key)
            {
                return slot;
            }
        }

        var made = make(status, failed, retry);
        _slots = [.. _slots, (key, made)];
        return made;
    }
}
