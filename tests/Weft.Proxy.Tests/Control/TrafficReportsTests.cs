using Weft.Api.Mesh;
using Weft.Api.Traffic;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy.Tests.Control;

public sealed class TrafficReportsTests
{
    private const string File = """
        listeners:
          - {name: out, kind: outbound, address: 127.0.0.1:1}
          - {name: out2, kind: outbound, address: 127.0.0.1:2, dtab: special}
          - {name: in, kind: inbound, address: 127.0.0.1:3, service: web, to: 127.0.0.1:4}
        """;

    private readonly VirtualTime _time = new();
    private readonly ProxyMetrics _metrics;
    private readonly MetricShard _shard;
    private readonly ReportReader _reader = new();
    private readonly Dictionary<SeriesKey, SeriesTotals> _sums = [];
    private readonly TrafficReports _reports;
    private ProxyConfig _config = ProxyConfig.Parse(File, "proxy.yaml").Value!;

    public TrafficReportsTests()
    {
        _metrics = new ProxyMetrics(new MetricRegistry(_time));
        _shard = _metrics.Registry.CreateShard();
        _reports = new TrafficReports(_metrics, () => _config, _time, new Log(TextWriter.Null, _time));
    }

    private TrafficReport Report(bool isFirst = false)
    {
        var report = _reports.Next(isFirst);
        _reader.Read(
            report,
            (key, moved) =>
            {
                var sum = _sums.TryGetValue(key, out var known) ? known : _sums[key] = new SeriesTotals();
                sum.Successes += moved.Successes;
                sum.Failures += moved.Failures;
                sum.Retries += moved.Retries;
                sum.SumNanoseconds += moved.SumNanoseconds;
                sum.Durations[3] += moved.Durations[3];
            }
        );
        return report;
    }

    private SeriesTotals Sum(SeriesKind kind, string service, string part) => _sums[new SeriesKey(kind, service, part)];

    [Fact]
    public void a_report_tells_requests_by_route_and_attempts_by_client()
    {
        var route = new RouteSlots(_metrics, Direction.Outbound, "books", "search");
        route.Record(_shard, 200, null, failed: false, 400_000);
        route.Record(_shard, 201, null, failed: false, 400_000);
        route.Record(_shard, 503, null, failed: true, 400_000);
        var attempts = new CounterSlot[]
        {
            _metrics.Attempts.Series("outbound", "books", "/#/file/books", "200", "", "success", "first"),
            _metrics.Attempts.Series("outbound", "books", "/#/file/books", "503", "", "failure", "retry"),
        };
        _shard.Add(attempts[0], 5);
        _shard.Add(attempts[1], 2);
        _shard.Record(_metrics.AttemptDuration.Series("outbound", "books", "/#/file/books"), 400_000);
        _shard.Add(_metrics.Requests.Series("inbound", "web", "default", "200", "", "success"), 9);
        _time.Advance(TimeSpan.FromSeconds(4));

        var report = Report(isFirst: true);
        Assert.Equal((4000u, true), (report.CoversMs, report.Restarts));
        Assert.Equal((["web"], ["default", "special"]), (report.Role.Services, report.Role.Dtabs));
        var books = Sum(SeriesKind.OutboundRequests, "books", "search");
        Assert.Equal((2, 1, 0, 1_200_000), (books.Successes, books.Failures, books.Retries, books.SumNanoseconds));
        Assert.Equal(3, books.Durations[3]);
        var client = Sum(SeriesKind.OutboundAttempts, "books", "/#/file/books");
        Assert.Equal((5, 2, 2, 1), (client.Successes, client.Failures, client.Retries, client.Durations[3]));
        Assert.Equal(9, Sum(SeriesKind.InboundRequests, "web", "default").Successes);
        Assert.Empty(Report().Moved);
    }

    [Fact]
    public void a_series_that_the_metrics_gave_up_and_began_anew_loses_nothing()
    {
        var slot = _metrics.Requests.Series("outbound", "books", "default", "200", "", "success");
        _shard.Add(slot, 100);
        Report(isFirst: true);
        _metrics.Requests.Release(slot);
        Scrape.Of(_metrics.Registry);
        _time.Advance(MetricRegistry.IdleAfter);
        Scrape.Of(_metrics.Registry);
        Report();

        var again = _metrics.Requests.Series("outbound", "books", "default", "200", "", "success");
        _shard.Add(again, 150);
        Report();
        Assert.Equal(250, Sum(SeriesKind.OutboundRequests, "books", "default").Successes);
    }

    [Fact]
    public void a_label_that_a_report_may_not_hold_is_cleaned()
    {
        _shard.Add(_metrics.Requests.Series("outbound", "a\nb", "default", "200", "", "success"));
        Report(isFirst: true);
        Assert.Equal(1, Sum(SeriesKind.OutboundRequests, "a\uFFFDb", "default").Successes);
    }

    [Fact]
    public void a_proxy_that_serves_another_service_after_a_change_of_its_file_says_so()
    {
        Report(isFirst: true);
        Assert.Null(Report().Role);
        _config = ProxyConfig.Parse(File.Replace("service: web", "service: shop"), "proxy.yaml").Value!;
        Assert.Equal("shop", Assert.Single(Report().Role.Services));
    }

    [Fact]
    public void the_buckets_of_a_report_are_those_of_the_metrics() =>
        Assert.Equal(ReportLimits.Buckets, HistogramBounds.Count);
}
