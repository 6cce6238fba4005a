namespace Weft.Resilience;

/// <summary>
/// The moment after which nothing is done for a request any more. Absolute on one loop's monotonic clock, and never sent so: what
/// goes over the wire is the time that remains (<c>weft-timeout</c>, <c>grpc-timeout</c>), which no clock skew can falsify.
/// Everything derived from a deadline is at most as late: a child cannot outlive its parent.
/// </summary>
public readonly record struct Deadline : IComparable<Deadline>
{
    /// <summary>No limit.</summary>
    public static readonly Deadline Never = new(long.MaxValue);

    private Deadline(long at) => At = at;

    /// <summary>Nanoseconds on the loop's clock.</summary>
    public long At { get; }

    public bool IsNever => At == long.MaxValue;

    /// <summary>So many nanoseconds from now; 0 and less is past already, and what the clock cannot hold is never.</summary>
    public static Deadline After(long now, long nanoseconds) =>
        new(nanoseconds > long.MaxValue - Math.Max(0, now) ? long.MaxValue : now + Math.Max(0, nanoseconds));

    /// <summary>After a time, or never when there is none.</summary>
    public static Deadline After(long now, TimeSpan? time) =>
        time is { } some ? After(now, Nanoseconds.Of(some)) : Never;

    /// <summary>The earlier of the two: whoever joins in may shorten a deadline and cannot lengthen it.</summary>
    public Deadline ShortenedBy(Deadline other) => other.At < At ? other : this;

    /// <summary>The deadline of one part of the work, an attempt for example: after its own time or with its parent.</summary>
    public Deadline Child(long now, TimeSpan? time) => ShortenedBy(After(now, time));

    /// <summary>Nanoseconds that are left; 0 when it is past, <see cref="long.MaxValue"/> when there is no limit.</summary>
    public long Remaining(long now) =>
        IsNever ? long.MaxValue
        : At <= now ? 0
        : At - now;

    /// <summary>Whole milliseconds that are left, rounded down: the next hop must not believe in more than there is.</summary>
    public long RemainingMilliseconds(long now) =>
        IsNever ? long.MaxValue : Remaining(now) / Nanoseconds.PerMillisecond;

    public bool IsPast(long now) => At <= now;

    /// <summary>Whether there would be time for something after a wait: a backoff that ends with the deadline is in vain.</summary>
    public bool Outlasts(long now, long wait) => Remaining(now) > wait;

    public int CompareTo(Deadline other) => At.CompareTo(other.At);

    public static bool operator <(Deadline left, Deadline right) => left.At < right.At;

    public static bool operator >(Deadline left, Deadline right) => left.At > right.At;

    public static bool operator <=(Deadline left, Deadline right) => left.At <= right.At;

    public static bool operator >=(Deadline left, Deadline right) => left.At >= right.At;
}
