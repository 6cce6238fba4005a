using System.Numerics;

namespace Weft.Resilience;

/// <summary>
/// Latencies of the last window or two, for percentiles: counts in logarithmic buckets with eight steps to each doubling (error below 7 %, as in
/// HdrHistogram), from 16 microseconds to two minutes. Two histograms take turns: one fills while the one before still counts, so that
/// an answer rests on one to two windows and old times are gone for good. For one loop.
/// </summary>
public sealed class LatencyHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;
    private const int SmallestExponent = 14;
    private const int LargestExponent = 37;
    private const int Buckets = ((LargestExponent - SmallestExponent) << StepBits) + 1;

    private readonly long _window;
    private uint[] _filling = new uint[Buckets];
    private uint[] _before = new uint[Buckets];
    private long _fillingCount;
    private long _beforeCount;
    private long _began = long.MinValue;

    /// <summary>An empty histogram.</summary>
    /// <param name="window">How long a histogram fills, above 0.</param>
    public LatencyHistogram(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        _window = Nanoseconds.Of(window);
    }

    /// <summary>Latencies that an answer would rest on.</summary>
    public long Count => _fillingCount + _beforeCount;

    public void Add(long now, long nanoseconds)
    {
        Turn(now);
        _filling[BucketOf(nanoseconds)]++;
        _fillingCount++;
    }

    /// <summary>The latency, in nanoseconds, that a share of the calls did not exceed; the upper end of its bucket, 0 when there were none.</summary>
    public long Quantile(long now, double share)
    {
        Turn(now);
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var below = 0L;
        for (var i = 0; i < Buckets && Count > 0; i++)
        {
            below += _filling[i] + _before[i];
            if (below >= rank)
                return EndOf(i);
        }

        return 0;
    }

    private void Turn(long now)
    {
        if (_began == long.MinValue)
            _began = now;
        var passed = (now - _began) / _window;
        if (passed <= 0)
            return;
        (_filling, _before) = (_before, _filling);
        _beforeCount = _fillingCount;
        if (passed > 1)
        {
            Array.Clear(_before);
            _beforeCount = 0;
        }

        Array.Clear(_filling);
        _fillingCount = 0;
        _began += passed * _window;
    }

    private static int BucketOf(long nanoseconds)
    {
        var exponent = 63 - BitOperations.LeadingZeroCount((ulong)Math.Max(1, nanoseconds));
        if (exponent < SmallestExponent)
            return 0;
        if (exponent >= LargestExponent)
            return Buckets - 1;
        var step = (int)(nanoseconds >> (exponent - StepBits)) & (Steps - 1);
        return ((exponent - SmallestExponent) << StepBits) + step;
    }

    private static long EndOf(int bucket)
    {
        var exponent = (bucket >> StepBits) + SmallestExponent;
        return (1L << exponent) + (((bucket & (Steps - 1)) + 1L) << (exponent - StepBits));
    }
}
