using Weft.Telemetry.Tests.Metrics;

namespace Weft.Telemetry.Tests.Exposition;

public sealed class ExpositionTests
{
    private readonly MetricRegistry _registry = new(new VirtualTime());

    [Fact]
    public void The_prometheus_format_is_as_specified()
    {
        FillOneOfEach();
        Assert.Equal(
            """
            # HELP weft_metrics_failures_total Scrapes that left a metric out because reading it failed.
            # TYPE weft_metrics_failures_total counter
            # HELP requests_total All "requests",\nby service.
            # TYPE requests_total counter
            requests_total{direction="outbound",service="books"} 3
            # HELP open Open.
            # TYPE open gauge
            open -2
            # HELP age_seconds Age.
            # TYPE age_seconds gauge
            age_seconds 0.25

            """,
            _registry.Text(),
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void The_openmetrics_format_names_families_without_total_and_ends_in_eof()
    {
        FillOneOfEach();
        Assert.Equal(
            """
            # HELP weft_metrics_failures Scrapes that left a metric out because reading it failed.
            # TYPE weft_metrics_failures counter
            # HELP requests All \"requests\",\nby service.
            # TYPE requests counter
            requests_total{direction="outbound",service="books"} 3
            # HELP open Open.
            # TYPE open gauge
            open -2
            # HELP age_seconds Age.
            # TYPE age_seconds gauge
            age_seconds 0.25
            # EOF

            """,
            _registry.Text(MetricsFormat.OpenMetrics),
            ignoreLineEndingDifferences: true
        );
    }

    [Fact]
    public void Bucket_bounds_are_floats_in_openmetrics()
    {
        var family = _registry.Histogram("duration_seconds", "Durations.", ["route"]);
        _registry.Record(family.Series("r"), 2_500_000_000);
        Assert.Contains(
            "duration_seconds_bucket{route=\"r\",le=\"5\"} 1\n",
            _registry.Text(),
            StringComparison.Ordinal
        );
        Assert.Contains("duration_seconds_sum{route=\"r\"} 2.5\n", _registry.Text(), StringComparison.Ordinal);
        var open = _registry.Text(MetricsFormat.OpenMetrics);
        Assert.Contains("duration_seconds_bucket{route=\"r\",le=\"5.0\"} 1\n", open, StringComparison.Ordinal);
        Assert.Contains("duration_seconds_bucket{route=\"r\",le=\"+Inf\"} 1\n", open, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("quote\" backslash\\ both\\\"")]
    [InlineData("x\"} 1\nforged_total{a=\"b\"} 2")]
    [InlineData("line\nfeed")]
    [InlineData("ends in a backslash\\")]
    [InlineData("ünï-çödé 世界 🦊")]
    [InlineData("{}=,# ")]
    public void Whatever_a_label_holds_is_read_back_from_one_line(string value)
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        _registry.Add(family.Series(value), 5);
        foreach (var format in new[] { MetricsFormat.PrometheusText, MetricsFormat.OpenMetrics })
        {
            var text = _registry.Text(format);
            var sample = Assert.Single(PrometheusText.Parse(text));
            Assert.Equal(value, sample["service"]);
            Assert.Single(text.Split('\n'), line => line.Length > 0 && line[0] != '#');
        }
    }

    [Fact]
    public void A_label_without_a_value_is_left_out()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service", "grpc_status", "result"]);
        _registry.Add(family.Series("books", "", "success"), 1);
        Assert.Contains(
            "requests_total{service=\"books\",result=\"success\"} 1\n",
            _registry.Text(MetricsFormat.PrometheusText),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Invalid_unicode_and_carriage_returns_do_not_break_a_line()
    {
        var family = _registry.Counter("requests_total", "Requests.", ["service"]);
        _registry.Add(family.Series("a\udc00\r\u0000b"), 5);
        Assert.Equal("a\ufffd\ufffd\ufffdb", Assert.Single(PrometheusText.Parse(_registry.Text()))["service"]);
    }

    [Fact]
    public void Numbers_that_are_none_have_names()
    {
        _registry.Observe("nan", "x", () => double.NaN);
        _registry.Observe("plus", "x", () => double.PositiveInfinity);
        _registry.Observe("minus", "x", () => double.NegativeInfinity);
        var text = _registry.Text();
        Assert.Contains("nan NaN\n", text, StringComparison.Ordinal);
        Assert.Contains("plus +Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("minus -Inf\n", text, StringComparison.Ordinal);
    }

    private void FillOneOfEach()
    {
        var counter = _registry.Counter(
            "requests_total",
            "All \"requests\",\nby service.",
            [MetricLabel.Closed("direction"), "service"]
        );
        var gauge = _registry.Gauge("open", "Open.");
        _registry.Observe("age_seconds", "Age.", () => 0.25);
        _registry.Add(counter.Series("outbound", "books"), 3);
        _registry.Add(gauge.Series(), -2);
    }
}
