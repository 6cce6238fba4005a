namespace Weft.Resilience;

/// <summary>
/// A fixed bound on calls in flight, exact over all loops that share it: one counter. Loops that use it write one cache line twice
/// per call, so it is made only where a bound was asked for.
/// </summary>
public sealed class ConcurrencyLimit
{
    private int _inFlight;

    /// <summary>Nobody is in flight.</summary>
    /// <param name="max">At least 1.</param>
    public ConcurrencyLimit(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        Max = max;
    }

    public int Max { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes one of the places; false when there is none. A place that was taken is given back by <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _inFlight);
            if (seen >= Max)
                return false;
            if (Interlocked.CompareExchange(ref _inFlight, seen + 1, seen) == seen)
                return true;
        }
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _inFlight) < 0)
            throw new InvalidOperationException("a call left that had not entered");
    }
}
