using System.Numerics;

namespace Weft.Net;

/// <summary>
/// A hashed timer wheel (Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987, scheme 6) without a clock
/// of its own: whoever owns it says what time it is. Setting, moving and clearing are O(1).
/// </summary>
/// <remarks>A timer is never early, and late by at most one tick plus the time between two calls of <see cref="Advance"/>.</remarks>
public sealed class TimerWheel
{
    /// <summary>Length of a tick in milliseconds: the resolution of every deadline on a loop.</summary>
    public const int TickMilliseconds = 4;

    private const int SlotCount = 2048;
    private const int SlotMask = SlotCount - 1;

    private readonly LoopTimer?[] _slots = new LoopTimer?[SlotCount];
    private readonly ulong[] _occupied = new ulong[SlotCount / 64];
    private long _tick;

    /// <summary>Timers that lie in a slot, those among them that were cleared or moved later included.</summary>
    public int Count { get; private set; }

    /// <summary>Sets <paramref name="timer"/> to be due <paramref name="delayMilliseconds"/> after <paramref name="nowMilliseconds"/>.</summary>
    public void Set(LoopTimer timer, long nowMilliseconds, long delayMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delayMilliseconds);
        // Rounded up twice: the deadline to a whole tick, and the present one, which has partly gone.
        var due = Math.Max(((nowMilliseconds + delayMilliseconds) / TickMilliseconds) + 1, _tick + 1);
        timer.DueTick = due;
        if (due >= timer.SlotTick)
        {
            return; // It lies in an earlier slot, or in this one: when that comes round, it is moved on.
        }

        if (timer.SlotTick != LoopTimer.Never)
        {
            Unlink(timer);
        }

        Link(timer, due);
    }

    /// <summary>Switches a timer off. It stays in its slot, unseen, until that comes round.</summary>
    public static void Clear(LoopTimer timer) => timer.DueTick = LoopTimer.Never;

    /// <summary>Runs every timer that is due at <paramref name="nowMilliseconds"/>.</summary>
    public void Advance(long nowMilliseconds)
    {
        var target = nowMilliseconds / TickMilliseconds;
        if (Count == 0)
        {
            _tick = Math.Max(_tick, target);
            return;
        }

        // After a long stall each slot needs to be looked at once, not once per missed turn.
        if (target - _tick > SlotCount)
        {
            _tick = target - SlotCount;
        }

        while (_tick < target)
        {
            _tick++;
            var slot = (int)(_tick & SlotMask);
            if ((_occupied[slot >> 6] & (1UL << (slot & 63))) != 0)
            {
                RunSlot(slot);
            }
        }
    }

    /// <summary>Milliseconds until the next slot with a timer in it comes round; -1 when there is none.</summary>
    public int MillisecondsToNext(long nowMilliseconds)
    {
        if (Count == 0)
        {
            return -1;
        }

        var first = (int)((_tick + 1) & SlotMask);
        var distance = DistanceToOccupied(first);
        var at = (_tick + 1 + distance) * TickMilliseconds;
        return (int)Math.Max(0, at - nowMilliseconds);
    }

    private int DistanceToOccupied(int first)
    {
        var word = first >> 6;
        var bits = _occupied[word] & (ulong.MaxValue << (first & 63));
        for (var looked = 0; looked <= _occupied.Length; looked++)
        {
            if (bits != 0)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                return (slot - first) & SlotMask;
            }

            word = (word + 1) % _occupied.Length;
            bits = _occupied[word];
        }

        return SlotCount - 1;
    }

    private void RunSlot(int slot)
    {
        // Timers that a callback sets land in later ticks, so one pass over the list as it is now suffices.
        var timer = _slots[slot];
        _slots[slot] = null;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        while (timer is not null)
        {
            var next = timer.Next;
            timer.Next = null;
            timer.Previous = null;
            timer.SlotTick = LoopTimer.Never;
            Count--;
            if (timer.DueTick == LoopTimer.Never)
            {
                timer = next;
                continue;
            }

            if (timer.DueTick > _tick)
            {
                Link(timer, timer.DueTick);
                timer = next;
                continue;
            }

            // A callback may move or clear the timers behind this one: hand them back to the slot first.
            if (next is not null)
            {
                next.Previous = null;
                _slots[slot] = next;
                _occupied[slot >> 6] |= 1UL << (slot & 63);
            }

            timer.DueTick = LoopTimer.Never;
            timer.OnDue();
            timer = _slots[slot];
            _slots[slot] = null;
            _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        }
    }

    private void Link(LoopTimer timer, long due)
    {
        var slot = (int)(due & SlotMask);
        timer.SlotTick = due;
        timer.Previous = null;
        timer.Next = _slots[slot];
        if (timer.Next is { } head)
        {
            head.Previous = timer;
        }

        _slots[slot] = timer;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
        Count++;
    }

    private void Unlink(LoopTimer timer)
    {
        var slot = (int)(timer.SlotTick & SlotMask);
        if (timer.Next is { } next)
        {
            next.Previous = timer.Previous;
        }

        if (timer.Previous is { } previous)
        {
            previous.Next = timer.Next;
        }
        else
        {
            _slots[slot] = timer.Next;
            if (timer.Next is null)
            {
                _occupied[slot >> 6] &= ~(1UL << (slot & 63));
            }
        }

        timer.Next = null;
        timer.Previous = null;
        timer.SlotTick = LoopTimer.Never;
        Count--;
    }
}
