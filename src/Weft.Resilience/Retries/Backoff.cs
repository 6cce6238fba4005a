namespace Weft.Resilience;

/// <summary>How much of a wait is left to chance.</summary>
public enum BackoffJitter
{
    /// <summary>Nothing: callers that failed together come back together. For tests and for single callers.</summary>
    None,

    /// <summary>All of it: anything from nothing to the whole wait.</summary>
    Full,

    /// <summary>Half of it: never less than half of the wait.</summary>
    Equal,

    /// <summary>Grown from the wait before instead of the number of tries: from the base to three times the last.</summary>
    Decorrelated,
}

/// <summary>
/// How long to wait before the next try (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015). A pure
/// function: the caller keeps the number of tries and the wait before. Unlike Finagle's, the very first wait is jittered too;
/// otherwise a fleet that lost one server calls again in step.
/// </summary>
public sealed record Backoff
{
    // Base times 2^62 is beyond any maximum already.
    private const int MostDoublings = 62;

    private readonly long _base;
    private readonly long _max;

    /// <summary>The waits between tries.</summary>
    /// <param name="first">The wait before the second try, before jitter; above 0.</param>
    /// <param name="max">No wait is longer; not below <paramref name="first"/>.</param>
    /// <param name="jitter">What of it is chance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not kept.</exception>
    public Backoff(TimeSpan first, TimeSpan max, BackoffJitter jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, first);
        _base = Nanoseconds.Of(first);
        _max = Nanoseconds.Of(max);
        Jitter = jitter;
    }

    public BackoffJitter Jitter { get; }

    /// <summary>Nanoseconds to wait, 0 to the maximum.</summary>
    /// <param name="failures">Tries that have failed in a row, at least 1.</param>
    /// <param name="previous">The wait before the try that failed last; 0 when there was none. Only decorrelated waits look at it.</param>
    /// <param name="random">The loop's chance.</param>
    public long Delay(int failures, long previous, LoopRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var whole = Whole(failures);
        return Jitter switch
        {
            BackoffJitter.Full => Between(0, whole, random),
            BackoffJitter.Equal => Between(whole / 2, whole, random),
            BackoffJitter.Decorrelated => Between(_base, Tripled(Math.Max(previous, _base)), random),
            _ => whole,
        };
    }

    private long Whole(int failures)
    {
        var doublings = failures - 1;
        return doublings > MostDoublings || _base > _max >> doublings ? _max : _base << doublings;
    }

    private long Tripled(long wait) => wait > _max / 3 ? _max : 3 * wait;

    private static long Between(long low, long high, LoopRandom random) =>
        low + (long)(random.NextDouble() * (high - low));
}
