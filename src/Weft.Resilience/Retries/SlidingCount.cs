namespace Weft.Resilience;

/// <summary>
/// Events of the last window, counted in ten buckets: what is older than the window never counts, what is younger than nine
/// tenths of it always does. Written by one thread (<see cref="AddOwned"/>) or by any (<see cref="AddShared"/>), not both; read by any.
/// </summary>
internal sealed class SlidingCount
{
    private const int Live = 10;

    // More slots than live buckets, so that threads whose clocks differ by a turn of a loop do not fight over one.
    private const int Slots = 16;

    // A slot holds its bucket's number in 40 bits and the count in 24, so that both change at once. The numbers wrap after a century
    // at a window of 10 s, the count stops at 16 million in a tenth of a window.
    private const int CountBits = 24;
    private const long CountMask = (1L << CountBits) - 1;
    private const long NumberMask = (1L << (64 - CountBits)) - 1;

    // Two cache lines before and behind keep neighbours on the heap from sharing a line with the slots.
    private const int Padding = 16;

    private readonly long[] _slots = new long[Padding + Slots + Padding];
    private readonly long _width;
    private long _ownedNumber = -1;
    private long _ownedEnd = long.MinValue;

    public SlidingCount(long window)
    {
        _width = Math.Max(1, window / Live);
        for (var i = 0; i < Slots; i++)
            _slots[Padding + i] = Pack(NumberMask, 0);
    }

    /// <summary>One more, from the only thread that adds.</summary>
    public void AddOwned(long now)
    {
        if (now >= _ownedEnd)
        {
            _ownedNumber = NumberOf(now);
            _ownedEnd = (_ownedNumber + 1) * _width;
            Volatile.Write(ref Slot(_ownedNumber), Pack(_ownedNumber, 1));
            return;
        }

        ref var slot = ref Slot(_ownedNumber);
        if ((slot & CountMask) < CountMask)
            Volatile.Write(ref slot, slot + 1);
    }

    /// <summary>One more, from any thread.</summary>
    public void AddShared(long now)
    {
        var number = NumberOf(now);
        ref var slot = ref Slot(number);
        while (true)
        {
            var seen = Volatile.Read(ref slot);
            var same = NumberIn(seen) == (number & NumberMask);
            if (same && (seen & CountMask) == CountMask)
                return;
            if (Interlocked.CompareExchange(ref slot, same ? seen + 1 : Pack(number, 1), seen) == seen)
                return;
        }
    }

    /// <summary>Undoes one <see cref="AddShared"/> of the same time.</summary>
    public void TakeBackShared(long now)
    {
        var number = NumberOf(now);
        ref var slot = ref Slot(number);
        while (true)
        {
            var seen = Volatile.Read(ref slot);
            // Once the bucket has made room for another one there is nothing left to undo.
            if (NumberIn(seen) != (number & NumberMask) || (seen & CountMask) == 0)
                return;
            if (Interlocked.CompareExchange(ref slot, seen - 1, seen) == seen)
                return;
        }
    }

    /// <summary>Events of the window that ends now. A bucket that another thread's clock has begun already counts too.</summary>
    public long Sum(long now)
    {
        var number = NumberOf(now);
        var sum = 0L;
        for (var i = 0; i < Slots; i++)
        {
            var seen = Volatile.Read(ref _slots[Padding + i]);
            var age = (number - NumberIn(seen)) & NumberMask;
            if (age < Live || age > NumberMask - (Slots - Live))
                sum += seen & CountMask;
        }

        return sum;
    }

    private long NumberOf(long now) => now / _width;

    private ref long Slot(long number) => ref _slots[Padding + (int)(number & (Slots - 1))];

    private static long Pack(long number, long count) => (number << CountBits) | count;

    private static long NumberIn(long slot) => (slot >> CountBits) & NumberMask;
}
