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

    // A longer delay is as good as this one (35 000 years) and would overflow the sum.
    private const long MaxDelayMilliseconds = 1L << 50;

    private readonly LoopTimer?[] _slots = new LoopTimer?[SlotCount];
    private readonly ulong[] _occupied = new ulong[SlotCount / 64];
    private long _tick;

    // Those of the present tick that were not run yet. Nothing unlinks them: whatever they are moved to is later.
    private LoopTimer? _due;

    /// <summary>Timers that lie in a slot, those among them that were cleared or moved later included.</summary>
    public int Count { get; private set; }

    /// <summary>Sets <paramref name="timer"/> to be due <paramref name="delayMilliseconds"/> after <paramref name="nowMilliseconds"/>.</summary>
    public void Set(LoopTimer timer, long nowMilliseconds, long delayMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delayMilliseconds);
        // Rounded up twice: the deadline to a whole tick, and the present one, which has partly gone.
        delayMilliseconds = Math.Min(delayMilliseconds, MaxDelayMilliseconds);
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

    /// <summary>
    /// Runs every timer that is due at <paramref name="nowMilliseconds"/>. What a callback throws is thrown on; the next call
    /// runs those that it kept from their turn.
    /// </summary>
    public void Advance(long nowMilliseconds)
    {
        RunDue();
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

        if (_due is not null)
        {
            return 0; // A callback threw and kept the ones behind it from their turn.
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
        var timer = _slots[slot];
        _slots[slot] = null;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        // Sorted before anything is called: those that stay for a later round go back into this very slot, and no
        // callback may find a list that is half taken apart.
        while (timer is not null)
        {
            var next = timer.Next;
            timer.Next = null;
            timer.Previous = null;
            if (timer.DueTick <= _tick)
            {
                timer.Next = _due;
                _due = timer;
            }
            else
            {
                timer.SlotTick = LoopTimer.Never;
                Count--;
                if (timer.DueTick != LoopTimer.Never)
                {
                    Link(timer, timer.DueTick);
                }
            }

            timer = next;
        }

        RunDue();
    }

    private void RunDue()
    {
        while (_due is { } timer)
        {
            _due = timer.Next;
            timer.Next = null;
            timer.SlotTick = LoopTimer.Never;
            Count--;
            // The callback of an earlier one may have cleared or moved it.
            if (timer.DueTick <= _tick)
            {
                timer.DueTick = LoopTimer.Never;
                timer.OnDue();
            }
            else if (timer.DueTick != LoopTimer.Never)
            {
                Link(timer, timer.DueTick);
            }
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
