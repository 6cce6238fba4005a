namespace Weft.Telemetry.Tests.Metrics;

public sealed class ShardTests
{
    private readonly MetricRegistry _registry = new(new VirtualTime());

    [Fact]
    public void A_scrape_adds_the_shards_up()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var (one, two) = (_registry.CreateShard(), _registry.CreateShard());
        var slot = family.Series("books");
        one.Add(slot, 3);
        two.Add(slot, 4);
        _registry.Add(slot, 5);
        Assert.Equal(12, family.Read(slot));
        Assert.Equal(12, _registry.Samples()["requests_total{books}"]);
    }

    [Fact]
    public void The_same_labels_are_the_same_slot_and_others_are_not()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service", "route"]);
        Assert.Equal(family.Series("a", "b"), family.Series("a", "b"));
        Assert.NotEqual(family.Series("a", "b"), family.Series("b", "a"));
        Assert.Throws<ArgumentException>(() => family.Series("a"));
    }

    [Fact]
    public void Gauges_sum_what_each_loop_added_and_took_away()
    {
        var family = _registry.Gauge("open", "Open.");
        var (one, two) = (_registry.CreateShard(), _registry.CreateShard());
        var slot = family.Series();
        one.Add(slot, 5);
        two.Add(slot, -2);
        Assert.Equal(3, family.Read(slot));
    }

    [Fact]
    public void Counters_do_not_go_back()
    {
        var slot = _registry.Counter("requests_total", "Requests.").Series();
        Assert.Throws<ArgumentOutOfRangeException>(() => _registry.CreateShard().Add(slot, -1));
    }

    [Fact]
    public void A_retired_shard_still_counts_and_takes_nothing_more()
    {
        var family = _registry.Counter("requests_total", "Requests.");
        var slot = family.Series();
        var (one, two) = (_registry.CreateShard(), _registry.CreateShard());
        one.Add(slot, 3);
        two.Add(slot, 4);
        one.Retire();
        one.Retire();
        Assert.Equal(7, family.Read(slot));
        Assert.Throws<ObjectDisposedException>(() => one.Add(slot, 1));
        two.Retire();
        Assert.Equal(7, family.Read(slot));
    }

    [Fact]
    public void The_default_slot_changes_nothing()
    {
        var family = _registry.Counter("requests_total", "Requests.");
        var histogram = _registry.Histogram("duration_seconds", "Durations.");
        var (slot, timed) = (family.Series(), histogram.Series());
        var shard = _registry.CreateShard();
        shard.Add(default(CounterSlot), 5);
        shard.Add(default(GaugeSlot), 5);
        shard.Record(default, 5);
        Assert.Equal(0, family.Read(slot));
        Assert.Equal(0, histogram.Read(timed).Count);
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var counter = _registry.Counter("requests_total", "Requests.").Series();
        var gauge = _registry.Gauge("open", "Open.").Series();
        var histogram = _registry.Histogram("duration_seconds", "Durations.").Series();
        var shard = _registry.CreateShard();
        Count(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(10_000);
        // A collection on another thread may close this thread's allocation context, which counts as up to 8 KiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);

        void Count(int times)
        {
            for (var i = 0; i < times; i++)
            {
                shard.Add(counter, 1);
                shard.Add(gauge, 1);
                shard.Record(histogram, 1_000_000);
            }
        }
    }

    [Fact]
    public async Task Scrapes_while_loops_count_never_see_a_counter_go_back_and_lose_nothing()
    {
        const int Loops = 4,
            Names = 200,
            Rounds = 300;
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        var histogram = _registry.Histogram("duration_seconds", "Durations.");
        var loops = Enumerable.Range(0, Loops).Select(_ => new Thread(Loop)).ToArray();
        foreach (var loop in loops)
            loop.Start();

        var last = new Dictionary<string, double>();
        while (loops.Any(loop => loop.IsAlive))
        {
            var now = _registry.Samples();
            foreach (var (name, value) in last)
                Assert.True(now[name] >= value, $"{name} went from {value} to {now[name]}");
            last = now;
            await Task.Yield();
        }

        Assert.Equal(
            Names,
            Enumerable.Range(0, Names).Count(i => family.Read(family.Series($"s{i}")) == Loops * Rounds)
        );
        Assert.Equal(Loops * Names * Rounds, histogram.Read(histogram.Series()).Count);

        void Loop()
        {
            var shard = _registry.CreateShard();
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < Names; i++)
                {
                    shard.Add(family.Series($"s{i}"));
                    shard.Record(histogram.Series(), i * 1_000_000L);
                }
            }

            shard.Retire();
        }
    }
}
