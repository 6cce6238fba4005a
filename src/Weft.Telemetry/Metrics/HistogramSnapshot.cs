namespace Weft.Telemetry;

/// <summary>A histogram as it was at one moment, read from the registry or from another proxy's metrics.</summary>
/// <param name="upperBounds">Seconds, ascending, the last one infinite.</param>
/// <param name="cumulative">How many observations were at most as long as each bound.</param>
/// <param name="sum">Seconds of all observations together.</param>
public sealed class HistogramSnapshot(double[] upperBounds, double[] cumulative, double sum)
{
    public static readonly HistogramSnapshot Empty = new([double.PositiveInfinity], [0], 0);

    public IReadOnlyList<double> UpperBounds => upperBounds;

    public IReadOnlyList<double> Cumulative => cumulative;

    /// <summary>Seconds of all observations together.</summary>
    public double Sum { get; } = sum;

    /// <summary>How many observations there were.</summary>
    public double Count => cumulative[^1];

    /// <summary>
    /// One histogram out of the <c>_bucket</c> and <c>_sum</c> samples of one or several series, which are added up; other samples are
    /// left out, and so is a bucket without a readable <c>le</c>.
    /// </summary>
    public static HistogramSnapshot FromSamples(IEnumerable<MetricSample> samples)
    {
        var buckets = new SortedDictionary<double, double>();
        var sum = 0.0;
        foreach (var sample in samples)
        {
            if (sample.Name.EndsWith("_sum", StringComparison.Ordinal))
                sum += sample.Value;
            else if (
                sample.Name.EndsWith("_bucket", StringComparison.Ordinal)
                && sample["le"] is { } le
                && PrometheusText.TryParseNumber(le, out var bound)
            )
                buckets[bound] = buckets.GetValueOrDefault(bound) + sample.Value;
        }

        return buckets.Count == 0 || !double.IsPositiveInfinity(buckets.Keys.Last())
            ? Empty
            : new HistogramSnapshot([.. buckets.Keys], [.. buckets.Values], sum);
    }

    /// <summary>What was observed since an earlier snapshot; all of it when the histogram began anew in between.</summary>
    public HistogramSnapshot Since(HistogramSnapshot earlier)
    {
        if (earlier.Count > Count || !earlier.UpperBounds.SequenceEqual(UpperBounds))
            return this;
        return new HistogramSnapshot(
            upperBounds,
            [.. cumulative.Select((count, i) => Math.Max(0, count - earlier.Cumulative[i]))],
            Sum - earlier.Sum
        );
    }

    /// <summary>Both together; one of other buckets, which cannot be added, is left out unless this one is empty.</summary>
    public HistogramSnapshot Plus(HistogramSnapshot other) =>
        other.Count == 0 ? this
        : Count == 0 ? other
        : !other.UpperBounds.SequenceEqual(UpperBounds) ? this
        : new HistogramSnapshot(
            upperBounds,
            [.. cumulative.Select((count, i) => count + other.Cumulative[i])],
            Sum + other.Sum
        );

    /// <summary>
    /// An estimate in seconds, linear within the bucket it falls into, as Prometheus' histogram_quantile does it: NaN when
    /// nothing was observed, the highest finite bound when it falls above that.
    /// </summary>
    /// <param name="quantile">0 to 1.</param>
    public double Quantile(double quantile)
    {
        if (!(quantile is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "a quantile is a number from 0 to 1");
        if (!(Count > 0))
            return double.NaN;
        var rank = quantile * Count;
        var bucket = 0;
        while (cumulative[bucket] < rank || (cumulative[bucket] == 0 && bucket < cumulative.Length - 1))
            bucket++;
        if (bucket == cumulative.Length - 1)
            return bucket == 0 ? double.NaN : upperBounds[bucket - 1];
        var (floor, below) = bucket == 0 ? (0, 0) : (upperBounds[bucket - 1], cumulative[bucket - 1]);
        return floor + ((upperBounds[bucket] - floor) * ((rank - below) / (cumulative[bucket] - below)));
    }
}
