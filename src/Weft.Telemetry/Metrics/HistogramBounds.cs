using System.Collections.Immutable;
using System.Numerics;

namespace Weft.Telemetry;

/// <summary>The buckets that every duration histogram has: 24 upper bounds from 0.1 ms to 60 s, and one bucket above them.</summary>
public static class HistogramBounds
{
    /// <summary>Inclusive upper bounds in nanoseconds, ascending. The last bucket, above them, has none.</summary>
    public static readonly ImmutableArray<long> Nanoseconds =
    [
        100_000,
        200_000,
        300_000,
        500_000,
        1_000_000,
        1_500_000,
        2_000_000,
        3_000_000,
        5_000_000,
        7_500_000,
        10_000_000,
        20_000_000,
        30_000_000,
        50_000_000,
        100_000_000,
        200_000_000,
        300_000_000,
        500_000_000,
        1_000_000_000,
        2_000_000_000,
        5_000_000_000,
        10_000_000_000,
        30_000_000_000,
        60_000_000_000,
    ];

    /// <summary>The same in seconds, with infinity for the last bucket.</summary>
    public static readonly ImmutableArray<double> Seconds =
    [
        .. Nanoseconds.Select(bound => bound / 1e9),
        double.PositiveInfinity,
    ];

    // A sentinel ends the search, so that it needs no second condition.
    private static readonly long[] Bounds = [.. Nanoseconds, long.MaxValue];

    // For a value of n significant bits: the first bucket whose bound has as many. No more than two steps follow.
    private static readonly byte[] FirstBucket =
    [
        .. Enumerable
            .Range(0, 65)
            .Select(bits => (byte)Bounds.TakeWhile(bound => SignificantBits(bound) < bits).Count()),
    ];

    /// <summary>How many buckets there are.</summary>
    public static int Count => Bounds.Length;

    /// <summary>The bucket that a duration in nanoseconds falls into; below 0 is the first.</summary>
    public static int IndexOf(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        var bounds = Bounds;
        int index = FirstBucket[SignificantBits(nanoseconds)];
        while (nanoseconds > bounds[index])
            index++;
        return index;
    }

    private static int SignificantBits(long value) => 64 - BitOperations.LeadingZeroCount((ulong)value);
}
