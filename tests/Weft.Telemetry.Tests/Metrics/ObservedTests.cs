namespace Weft.Telemetry.Tests.Metrics;

public sealed class ObservedTests
{
    private readonly MetricRegistry _registry = new(new VirtualTime());

    [Fact]
    public void A_scrape_asks_for_the_value_of_the_moment()
    {
        var age = 1.5;
        _registry.Observe("age_seconds", "Age.", () => age);
        Assert.Equal(1.5, _registry.Samples()["age_seconds{}"]);
        age = 2.5;
        Assert.Equal(2.5, _registry.Samples()["age_seconds{}"]);
    }

    [Fact]
    public void Values_of_the_same_labels_add_up_and_too_many_fold()
    {
        _registry.Observe(
            MetricKind.Gauge,
            "endpoints",
            "Endpoints.",
            ["client"],
            o =>
            {
                o.Add(1, "a");
                o.Add(2, "a");
                for (var i = 0; i < 10; i++)
                    o.Add(1, $"c{i}");
            },
            maxSeries: 3
        );
        var samples = _registry.Samples();
        Assert.Equal(3, samples["endpoints{a}"]);
        Assert.Equal(8, samples["endpoints{other}"]);
    }

    [Fact]
    public void One_that_fails_is_left_out_and_counted_and_the_others_are_there()
    {
        _registry.Observe("bad", "Bad.", () => throw new InvalidOperationException("gone"));
        _registry.Observe("good", "Good.", () => 1);
        Assert.Equal(1, _registry.Samples()["good{}"]);
        var samples = _registry.Samples();
        Assert.DoesNotContain("bad{}", samples);
        Assert.Equal(1, samples["weft_metrics_failures_total{bad}"]);
    }

    [Fact]
    public void The_process_tells_about_itself()
    {
        ProcessMetrics.Register(_registry);
        var samples = _registry.Samples();
        Assert.True(samples["process_cpu_seconds_total{}"] > 0);
        Assert.InRange(samples["process_resident_memory_bytes{}"], 1e6, 1e12);
        Assert.InRange(samples["process_start_time_seconds{}"], 1.6e9, 1e10);
        Assert.True(samples["dotnet_gc_heap_bytes{}"] > 0);
        Assert.True(samples["dotnet_gc_allocated_bytes_total{}"] > 0);
        Assert.True(samples["dotnet_gc_collections_total{2}"] >= 0);
    }

    [Theory]
    [InlineData("requests")]
    [InlineData("9_total")]
    [InlineData("a b_total")]
    [InlineData("_total ")]
    public void A_counter_has_a_counters_name(string name) =>
        Assert.Throws<ArgumentException>(() => _registry.Counter(name, "Help."));

    [Fact]
    public void Declarations_that_would_spoil_the_page_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _registry.Gauge("x_total", "Help."));
        Assert.Throws<ArgumentException>(() => _registry.Gauge("x", "Help.", ["le"]));
        Assert.Throws<ArgumentException>(() => _registry.Gauge("x", "Help.", ["__name"]));
        Assert.Throws<ArgumentException>(() => _registry.Gauge("x", "Help.", ["a", "a"]));
        _registry.Gauge("x", "Help.");
        Assert.Throws<InvalidOperationException>(() => _registry.Gauge("x", "Help."));
    }
}
