namespace Weft.Telemetry.Tests.Metrics;

public sealed class SeriesLifeTests
{
    private readonly VirtualTime _time = new();
    private readonly MetricRegistry _registry;
    private readonly MetricShard _shard;

    public SeriesLifeTests()
    {
        _registry = new MetricRegistry(_time);
        _shard = _registry.CreateShard();
    }

    [Fact]
    public void Beyond_the_bound_open_labels_fold_into_other_and_closed_ones_stay()
    {
        var family = _registry.Counter(
            "requests_total",
            "Requests.",
            [MetricLabel.Closed("direction"), "service"],
            maxSeries: 3
        );
        for (var i = 0; i < 10; i++)
        {
            _shard.Add(family.Series("in", $"s{i}"));
            _shard.Add(family.Series("out", $"s{i}"));
        }

        var samples = _registry.Samples();
        Assert.Equal(1, samples["requests_total{in,s0}"]);
        Assert.Equal(1, samples["requests_total{out,s0}"]);
        Assert.Equal(1, samples["requests_total{in,s1}"]);
        Assert.Equal(8, samples["requests_total{in,other}"]);
        Assert.Equal(9, samples["requests_total{out,other}"]);
        Assert.Equal(family.Series("in", "s8"), family.Series("in", "s9"));
    }

    [Fact]
    public void Closed_labels_that_are_not_closed_after_all_are_bounded_too()
    {
        var family = _registry.Counter("requests_total", "Requests.", [MetricLabel.Closed("status")], maxSeries: 4);
        for (var i = 0; i < 1000; i++)
            _shard.Add(family.Series($"{i}"));
        var samples = _registry
            .Samples()
            .Where(sample => sample.Key.StartsWith("requests_total", StringComparison.Ordinal))
            .ToArray();
        Assert.InRange(samples.Length, 5, 9);
        Assert.Equal(1000, samples.Sum(sample => sample.Value));
    }

    [Fact]
    public void A_released_counter_is_shown_until_it_was_idle_for_ten_minutes()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slot = family.Series("books");
        _shard.Add(slot, 5);
        family.Release(slot);
        Assert.Equal(5, _registry.Samples()["requests_total{books}"]);
        _time.Advance(TimeSpan.FromMinutes(9));
        _shard.Add(slot); // someone still had a request under way
        Assert.Equal(6, _registry.Samples()["requests_total{books}"]);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(6, _registry.Samples()["requests_total{books}"]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("requests_total{books}", _registry.Samples());
    }

    [Fact]
    public void A_counter_that_somebody_holds_stays_however_idle()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slot = family.Series("books");
        family.Series("books");
        family.Release(slot);
        _registry.Samples();
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Contains("requests_total{books}", _registry.Samples());
    }

    [Fact]
    public void A_released_counter_that_is_asked_for_again_goes_on_where_it_was()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slot = family.Series("books");
        _shard.Add(slot, 5);
        family.Release(slot);
        _registry.Samples();
        _time.Advance(TimeSpan.FromMinutes(9));
        _shard.Add(family.Series("books"), 2);
        Assert.Equal(7, _registry.Samples()["requests_total{books}"]);
    }

    [Fact]
    public void A_freed_slot_is_used_again_and_its_new_series_starts_at_zero()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var histogram = _registry.Histogram("duration_seconds", "Durations.", ["service"]);
        var (old, oldTimes) = (family.Series("old"), histogram.Series("old"));
        _shard.Add(old, 5);
        _shard.Record(oldTimes, 1_000_000);
        FreeAll(() =>
        {
            family.Release(old);
            histogram.Release(oldTimes);
        });

        Assert.Equal(old, family.Series("new"));
        Assert.Equal(oldTimes, histogram.Series("new"));
        _shard.Add(old, 2);
        _shard.Record(oldTimes, 2_000_000);
        var samples = _registry.Samples();
        Assert.Equal(2, samples["requests_total{new}"]);
        Assert.Equal(1, samples["duration_seconds_count{new}"]);
        Assert.Equal(0.002, samples["duration_seconds_sum{new}"]);
        Assert.DoesNotContain("requests_total{other}", samples);
    }

    [Fact]
    public void A_write_to_a_freed_slot_counts_as_other_and_not_for_the_next_one()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slots = Enumerable.Range(0, 3).Select(i => family.Series($"s{i}")).ToArray();
        FreeAll(() => Array.ForEach(slots, family.Release));
        foreach (var slot in slots)
            _shard.Add(slot, 7);
        for (var i = 0; i < 3; i++)
            Assert.Equal(0, family.Read(family.Series($"new{i}")));
        Assert.Equal(21, _registry.Samples()["requests_total{other}"]);
    }

    [Fact]
    public void No_more_can_be_released_than_was_acquired()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var slot = family.Series("books");
        family.Release(slot);
        Assert.Throws<InvalidOperationException>(() => family.Release(slot));
        Assert.Throws<InvalidOperationException>(() => family.Release(default));
    }

    [Fact]
    public void Gauges_at_zero_are_left_out_when_released_or_idle_and_come_back_when_they_move()
    {
        var family = _registry.Gauge("in_flight", "In flight.", ["service"]);
        var (released, idle) = (family.Series("released"), family.Series("idle"));
        _shard.Add(released, 1);
        Assert.Equal(0, _registry.Samples()["in_flight{idle}"]);
        family.Release(released);
        _time.Advance(TimeSpan.FromMinutes(11));
        var samples = _registry.Samples();
        Assert.Equal(1, samples["in_flight{released}"]); // still open, so still shown
        Assert.DoesNotContain("in_flight{idle}", samples);
        _shard.Add(released, -1);
        _shard.Add(idle, 2);
        samples = _registry.Samples();
        Assert.DoesNotContain("in_flight{released}", samples);
        Assert.Equal(2, samples["in_flight{idle}"]);
    }

    [Fact]
    public void A_gauge_whose_zero_is_news_stays_while_somebody_holds_it()
    {
        var family = _registry.Gauge("endpoints", "Endpoints.", ["client"], hideWhenIdle: false);
        var slot = family.Series("books");
        _registry.Samples();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _registry.Samples()["endpoints{books}"]);
        family.Release(slot);
        Assert.DoesNotContain("endpoints{books}", _registry.Samples());
    }

    [Fact]
    public void A_hundred_thousand_names_over_time_neither_grow_memory_nor_take_a_counter_back()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"], maxSeries: 50);
        var last = new Dictionary<string, double>();
        var held = new Queue<CounterSlot>();
        var total = 0L;
        var cells = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var slot = family.Series($"name-{i}");
            _shard.Add(slot, i % 3);
            total += i % 3;
            held.Enqueue(slot);
            if (held.Count > 40)
                family.Release(held.Dequeue());
            if (i % 1000 != 0)
                continue;

            _time.Advance(TimeSpan.FromMinutes(3));
            var now = _registry.Samples();
            Assert.All(now, sample => Assert.True(sample.Value >= last.GetValueOrDefault(sample.Key), sample.Key));
            last = now;
            if (i == 10_000)
                cells = _registry.ReservedCells;
        }

        Assert.Equal(cells, _registry.ReservedCells);
        Assert.InRange(last.Count, 2, 60);
        Assert.True(last["requests_total{other}"] > total * 0.9);
    }

    [Fact]
    public void Values_that_cannot_be_written_apart_are_one_series()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        Assert.Equal(family.Series("a\u0001b"), family.Series("a\rb"));
        Assert.Equal(family.Series("x\ud800"), family.Series("x\udbff"));
        Assert.Equal(family.Series(new string('a', 257)), family.Series(new string('b', 5000)));
        _shard.Add(family.Series("a\u0001b"));
        Assert.Equal(1, _registry.Samples()["requests_total{a\ufffdb}"]);
    }

    private void FreeAll(Action release)
    {
        release();
        _registry.Samples();
        _time.Advance(MetricRegistry.IdleAfter);
        _registry.Samples();
    }
}
