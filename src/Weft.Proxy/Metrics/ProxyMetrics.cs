using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>The metrics of a proxy (docs/metrics.md). Names are looked up here when a route is built, never while a request is served.</summary>
internal sealed class ProxyMetrics
{
    // What requests are counted under whose service has no routes.
    public const string DefaultRoute = "default";

    public ProxyMetrics(MetricRegistry registry)
    {
        Registry = registry;
        var direction = MetricLabel.Closed("direction");
        var result = MetricLabel.Closed("result");
        var status = MetricLabel.Closed("status");
        var grpcStatus = MetricLabel.Closed("grpc_status");
        Requests = registry.Counter(
            "weft_requests_total",
            "Requests as their callers saw them.",
            [direction, "service", "route", status, grpcStatus, result],
            MaxSeries
        );
        RequestDuration = registry.Histogram(
            "weft_request_duration_seconds",
            "Time from a request's head to the last byte of its response, as its caller saw it.",
            [direction, "service", "route"]
        );
        Attempts = registry.Counter(
            "weft_attempts_total",
            "Attempts at endpoints, as the endpoints answered.",
            [direction, "service", "client", status, grpcStatus, result, MetricLabel.Closed("try")],
            MaxSeries
        );
        AttemptDuration = registry.Histogram(
            "weft_attempt_duration_seconds",
            "Time of one attempt, connecting included.",
            [direction, "service", "client"],
            MaxAttemptHistograms
        );
        Errors = registry.Counter(
            "weft_errors_total",
            "Requests that a proxy answered with an error of its own.",
            [direction, "service", MetricLabel.Closed("reason")]
        );
        Retries = registry.Counter(
            "weft_retries_total",
            "Requests that had further attempts, by how these came out, and those that were refused one.",
            [direction, "service", MetricLabel.Closed("outcome")]
        );
        Ejections = registry.Counter(
            "weft_ejections_total",
            "Endpoints that were taken out of service, by loop, and probes that failed.",
            [direction, "service", "client", MetricLabel.Closed("cause")]
        );
        Panics = registry.Counter(
            "weft_panics_total",
            "Times that so few endpoints were in service that all were used.",
            [direction, "service", "client"]
        );
        Mirrors = registry.Counter(
            "weft_mirrors_total",
            "Copies of requests for mirrors, by what became of them.",
            [direction, "service", MetricLabel.Closed("outcome")]
        );
        HealthChecks = registry.Counter(
            "weft_health_checks_total",
            "Active checks of endpoints, by how they came out.",
            [direction, "service", "client", MetricLabel.Closed("outcome")]
        );
        InFlight = registry.Gauge("weft_requests_in_flight", "Requests that are being served.", [direction, "service"]);
        ConnectionsOpen = registry.Gauge(
            "weft_connections_open",
            "Connections that are open.",
            [direction, MetricLabel.Closed("peer"), MetricLabel.Closed("protocol")],
            hideWhenIdle: false
        );
        Connections = registry.Counter(
            "weft_connections_total",
            "Connections that were opened.",
            [direction, MetricLabel.Closed("peer"), MetricLabel.Closed("protocol")]
        );
        Bytes = registry.Counter(
            "weft_bytes_total",
            "Bytes received (in) and sent (out).",
            [direction, MetricLabel.Closed("peer"), MetricLabel.Closed("protocol"), MetricLabel.Closed("dir")]
        );
        ConfigRejected = registry.Counter(
            "weft_config_rejected_total",
            "Changes of the configuration, its documents or its namers' files that were refused."
        );
        ConfigRejectedSlot = ConfigRejected.Series();
    }

    // Every name has a handful of statuses.
    private const int MaxSeries = 3000;

    // A histogram is some thirty lines of a scrape, and each service may lead to several concrete names: beyond this, the finer picture folds first.
    private const int MaxAttemptHistograms = 500;

    public MetricRegistry Registry { get; }

    public CounterFamily Requests { get; }

    public HistogramFamily RequestDuration { get; }

    public CounterFamily Attempts { get; }

    public HistogramFamily AttemptDuration { get; }

    public CounterFamily Errors { get; }

    public CounterFamily Retries { get; }

    public CounterFamily Ejections { get; }

    public CounterFamily Panics { get; }

    public CounterFamily Mirrors { get; }
    public CounterFamily HealthChecks { get; }

    public GaugeFamily InFlight { get; }

    public GaugeFamily ConnectionsOpen { get; }

    public CounterFamily Connections { get; }

    public CounterFamily Bytes { get; }

    public CounterFamily ConfigRejected { get; }

    public CounterSlot ConfigRejectedSlot { get; }

    public static string Text(Direction direction) => direction == Direction.Outbound ? "outbound" : "inbound";
}
