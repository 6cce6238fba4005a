namespace Weft.Telemetry.Tests.Metrics;

public sealed class HistogramTests
{
    private readonly MetricRegistry _registry = new(new VirtualTime());

    [Fact]
    public void Buckets_cover_a_tenth_of_a_millisecond_to_a_minute()
    {
        Assert.Equal(25, HistogramBounds.Count);
        Assert.Equal(0.0001, HistogramBounds.Seconds[0]);
        Assert.Equal(60, HistogramBounds.Seconds[23]);
        Assert.Equal(HistogramBounds.Nanoseconds, HistogramBounds.Nanoseconds.Order().Distinct());
    }

    [Fact]
    public void A_duration_falls_into_the_first_bucket_whose_bound_it_does_not_pass()
    {
        var durations = HistogramBounds
            .Nanoseconds.SelectMany(bound => new[] { bound - 1, bound, bound + 1 })
            .Concat(Enumerable.Range(0, 63).SelectMany(bit => new[] { (1L << bit) - 1, 1L << bit }))
            .Append(long.MaxValue);
        foreach (var duration in durations)
        {
            var expected = HistogramBounds.Nanoseconds.Count(bound => bound < duration);
            Assert.Equal(expected, HistogramBounds.IndexOf(duration));
        }

        Assert.Equal(0, HistogramBounds.IndexOf(-5));
    }

    [Fact]
    public void Sum_and_count_are_exact()
    {
        var family = _registry.Histogram("duration_seconds", "Durations.");
        var slot = family.Series();
        var shard = _registry.CreateShard();
        shard.Record(slot, 1);
        shard.Record(slot, 100_000_000_000);
        shard.Record(slot, -4);
        var samples = _registry.Samples();
        Assert.Contains("duration_seconds_sum 100.000000001\n", _registry.Text(), StringComparison.Ordinal);
        Assert.Equal(3, samples["duration_seconds_count{}"]);
        Assert.Equal(2, samples["duration_seconds_bucket{0.0001}"]);
        Assert.Equal(2, samples["duration_seconds_bucket{60}"]);
        Assert.Equal(3, samples["duration_seconds_bucket{+Inf}"]);
    }

    [Fact]
    public void Quantiles_are_linear_within_a_bucket()
    {
        var histogram = new HistogramSnapshot([0.1, 0.2, 0.5, double.PositiveInfinity], [10, 30, 40, 40], 7);
        Assert.Equal(0.05, histogram.Quantile(0.125), 1e-12); // the 5th of 10 in 0 to 0.1
        Assert.Equal(0.15, histogram.Quantile(0.5), 1e-12); // the 10th of 20 in 0.1 to 0.2
        Assert.Equal(0.35, histogram.Quantile(0.875), 1e-12);
        Assert.Equal(0.5, histogram.Quantile(1), 1e-12);
        Assert.Equal(0, histogram.Quantile(0), 1e-12);
    }

    [Fact]
    public void A_quantile_above_the_last_bound_is_that_bound_and_one_of_nothing_is_not_a_number()
    {
        var histogram = new HistogramSnapshot([0.1, double.PositiveInfinity], [0, 5], 7);
        Assert.Equal(0.1, histogram.Quantile(0.5));
        Assert.Equal(double.NaN, HistogramSnapshot.Empty.Quantile(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Quantile(double.NaN));
    }

    [Fact]
    public void What_was_recorded_is_estimated_within_its_bucket_live_and_from_the_page()
    {
        var family = _registry.Histogram("duration_seconds", "Durations.", ["route"]);
        var shard = _registry.CreateShard();
        var (one, two) = (family.Series("one"), family.Series("two"));
        for (var i = 1; i <= 1000; i++)
            shard.Record(i % 2 == 0 ? one : two, i * 10_000L); // 0.01 to 10 ms, evenly
        Assert.InRange(family.Read(one).Quantile(0.5), 0.0048, 0.0052);
        Assert.InRange(family.Read(one).Quantile(0.99), 0.0097, 0.01);

        var page = PrometheusText
            .Parse(_registry.Text())
            .Where(s => s.Name.StartsWith("duration", StringComparison.Ordinal));
        var both = HistogramSnapshot.FromSamples(page);
        Assert.Equal(1000, both.Count);
        Assert.Equal(5.005, both.Sum, 1e-9);
        Assert.InRange(both.Quantile(0.5), 0.0048, 0.0052);
    }

    [Fact]
    public void The_difference_of_two_snapshots_is_what_happened_in_between()
    {
        var family = _registry.Histogram("duration_seconds", "Durations.");
        var shard = _registry.CreateShard();
        shard.Record(family.Series(), 50_000_000_000);
        var before = family.Read(family.Series());
        shard.Record(family.Series(), 150_000);
        var since = family.Read(family.Series()).Since(before);
        Assert.Equal(1, since.Count);
        Assert.Equal(0.00015, since.Sum, 1e-9);
        Assert.InRange(since.Quantile(0.5), 0.0001, 0.0002);
        Assert.Same(before, before.Since(family.Read(family.Series())));
    }

    [Fact]
    public void Buckets_without_an_infinite_one_are_no_histogram()
    {
        var samples = PrometheusText.Parse("x_bucket{le=\"1\"} 5\nx_sum 3\n");
        Assert.Equal(0, HistogramSnapshot.FromSamples(samples).Count);
    }
}
