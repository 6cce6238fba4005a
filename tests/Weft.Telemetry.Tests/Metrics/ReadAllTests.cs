namespace Weft.Telemetry.Tests.Metrics;

/// <summary>What others than a scrape read.</summary>
public sealed class ReadAllTests
{
    private readonly VirtualTime _time = new();
    private readonly MetricRegistry _registry;
    private readonly MetricShard _shard;

    public ReadAllTests()
    {
        _registry = new MetricRegistry(_time);
        _shard = _registry.CreateShard();
    }

    [Fact]
    public void Counters_are_read_over_all_shards_and_a_series_that_began_anew_has_labels_of_its_own()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slot = family.Series("books");
        _shard.Add(slot, 3);
        _registry.CreateShard().Add(slot, 4);
        var (labels, value) = Assert.Single(Read(family));
        Assert.Equal(["books"], labels);
        Assert.Equal(7, value);
        Assert.Same(labels, Assert.Single(Read(family)).Labels);

        family.Release(slot);
        _registry.Samples();
        _time.Advance(MetricRegistry.IdleAfter);
        _registry.Samples();
        Assert.Empty(Read(family));
        _shard.Add(family.Series("books"), 9);
        var again = Assert.Single(Read(family));
        Assert.Equal(9, again.Value);
        Assert.NotSame(labels, again.Labels);
    }

    [Fact]
    public void Histograms_are_read_by_bucket()
    {
        var family = _registry.Histogram("duration_seconds", "Durations.", ["service"]);
        var slot = family.Series("books");
        _shard.Record(slot, 50_000);
        _shard.Record(slot, 60_000);
        _shard.Record(slot, 150_000);
        var read = 0;
        family.ReadAll(
            (labels, counts, sum) =>
            {
                read++;
                Assert.Equal(["books"], labels);
                Assert.Equal([2, 1, 0], counts[..3].ToArray());
                Assert.Equal(260_000, sum);
            }
        );
        Assert.Equal(1, read);
    }

    [Fact]
    public void Two_snapshots_add_up_and_one_of_other_buckets_is_left_out()
    {
        var one = new HistogramSnapshot([1, double.PositiveInfinity], [1, 2], 3);
        var two = new HistogramSnapshot([1, double.PositiveInfinity], [10, 30], 50);
        var other = new HistogramSnapshot([2, double.PositiveInfinity], [1, 1], 1);
        var both = one.Plus(two);
        Assert.Equal([11, 32], both.Cumulative);
        Assert.Equal(53, both.Sum);
        Assert.Same(two, HistogramSnapshot.Empty.Plus(two));
        Assert.Same(one, one.Plus(HistogramSnapshot.Empty));
        Assert.Same(one, one.Plus(other));
    }

    private static List<(IReadOnlyList<string> Labels, long Value)> Read(CounterFamily family)
    {
        var all = new List<(IReadOnlyList<string>, long)>();
        family.ReadAll((labels, value) => all.Add((labels, value)));
        return all;
    }
}
