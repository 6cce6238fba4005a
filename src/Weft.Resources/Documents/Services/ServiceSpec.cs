namespace Weft.Resources;

/// <summary>How calls to a service are made. Every default of a service stands in this file.</summary>
public sealed record ServiceSpec
{
    /// <summary>For names that no Service document matches.</summary>
    public static readonly ServiceSpec Default = new();

    /// <summary>What the endpoints speak, unless their namer knows better.</summary>
    public EndpointProtocol Protocol { get; init; } = EndpointProtocol.Auto;

    public TimeoutsSpec Timeouts { get; init; } = new();

    /// <summary>Null: calls are not retried.</summary>
    public RetriesSpec? Retries { get; init; }

    /// <summary>Null: calls are not sent a second time while the first is under way.</summary>
    public HedgeSpec? Hedge { get; init; }

    public BalancerSpec Balancer { get; init; } = new(BalancerKind.Ewma);

    /// <summary>Null: endpoints are not ejected.</summary>
    public BreakerSpec? Breaker { get; init; }

    public PoolSpec Pool { get; init; } = new();

    /// <summary>Null: calls are not limited.</summary>
    public RateLimitSpec? RateLimit { get; init; }

    /// <summary>Null: calls in flight are bounded by <see cref="PoolSpec.MaxRequests"/> alone.</summary>
    public ConcurrencySpec? Concurrency { get; init; }

    /// <summary>Null: endpoints are not probed.</summary>
    public HealthCheckSpec? HealthCheck { get; init; }

    /// <summary>What endpoints are sent before the first byte of a connection.</summary>
    public ProxyProtocolVersion ProxyProtocol { get; init; }

    /// <summary>The responses that count as failures.</summary>
    public ValueList<StatusRange> FailOn { get; init; } = [StatusRange.ServerErrors];
}

/// <summary>Which version of HTTP endpoints are spoken to in.</summary>
public enum EndpointProtocol
{
    /// <summary>That of the caller: HTTP/1.1 calls go on as HTTP/1.1, HTTP/2 calls as HTTP/2.</summary>
    Auto,

    Http1,

    /// <summary>With prior knowledge, as no endpoint is asked first (RFC 9113 section 3.3).</summary>
    Http2,
}

/// <summary>How long calls may take; null is without limit.</summary>
public sealed record TimeoutsSpec
{
    /// <summary>The whole call, with all of its attempts.</summary>
    public TimeSpan? Request { get; init; }

    /// <summary>One attempt, up to the head of the response.</summary>
    public TimeSpan? Attempt { get; init; }

    /// <summary>Between two movements of bytes of a call in flight.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two movements of bytes of a connection that is passed on as it is.</summary>
    public TimeSpan TcpIdle { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>How endpoints are told on whose behalf a connection is made.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A line of text before the first byte.</summary>
    V1,

    /// <summary>A binary header before the first byte.</summary>
    V2,
}

/// <summary>The connections to each endpoint.</summary>
public sealed record PoolSpec
{
    /// <summary>Per endpoint and event loop.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Calls that wait for a connection.</summary>
    public int MaxPending { get; init; } = 1024;

    /// <summary>A call that waits for a connection longer than this fails.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls in flight; 0 is without limit.</summary>
    public int MaxRequests { get; init; }

    /// <summary>An idle connection is closed after this long.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Which calls are tried again, and how often.</summary>
public sealed record RetriesSpec
{
    public ValueList<RetryCondition> On { get; init; } =
    [RetryCondition.ConnectFailure, RetryCondition.RefusedStream, RetryCondition.Reset];

    /// <summary>Statuses to retry, beyond the conditions.</summary>
    public ValueList<StatusRange> Statuses { get; init; } = [];

    /// <summary>Names of gRPC statuses to retry, such as <c>unavailable</c>.</summary>
    public ValueList<string> Grpc { get; init; } = [];

    public RetryMethods Methods { get; init; } = RetryMethods.Idempotent;

    /// <summary>The methods when <see cref="Methods"/> is <see cref="RetryMethods.Listed"/>.</summary>
    public ValueList<string> MethodList { get; init; } = [];

    /// <summary>Retries of one request.</summary>
    public int Limit { get; init; } = 3;

    public RetryBudgetSpec Budget { get; init; } = new();

    public BackoffSpec Backoff { get; init; } =
        new(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(250), Jitter.Full);

    /// <summary>Bytes of a request's body that are kept for a retry.</summary>
    public long ReplayBuffer { get; init; } = 64 * 1024;
}

/// <summary>How many retries all calls together may make.</summary>
public sealed record RetryBudgetSpec
{
    /// <summary>Retries per call, 0 to 1.</summary>
    public double Ratio { get; init; } = 0.2;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    public int MinPerSecond { get; init; } = 10;
}

/// <summary>How long to wait before the next try: doubled from <paramref name="Base"/> up to <paramref name="Max"/>.</summary>
public sealed record BackoffSpec(TimeSpan Base, TimeSpan Max, Jitter Jitter);

/// <summary>How load is spread over endpoints.</summary>
/// <param name="On">What a ring hash takes its key from: <c>source</c>, <c>header:NAME</c> or <c>cookie:NAME</c>.</param>
public sealed record BalancerSpec(BalancerKind Kind, string? On = null)
{
    /// <summary>How long a new endpoint's share grows up to its full one; null gives it at once.</summary>
    public TimeSpan? SlowStart { get; init; }

    /// <summary>
    /// The share of endpoints, 0 to 1: when fewer than it may be used, all are used, because then the checks are more likely to be wrong than the
    /// endpoints. 0 never does so.
    /// </summary>
    public double Panic { get; init; }

    /// <summary>Null: endpoints of all zones are alike.</summary>
    public ZonesSpec? Zones { get; init; }
}

/// <summary>Calls stay in the proxy's own zone while it can bear them.</summary>
public sealed record ZonesSpec
{
    /// <summary>The share of the zone's endpoints, 0 to 1, that may be used: below it, other zones get the calls that are too many.</summary>
    public double Failover { get; init; } = 0.7;
}

/// <summary>Sends a call that takes long a second time, to another endpoint; the first answer counts.</summary>
public sealed record HedgeSpec
{
    /// <summary>A percentile of the service's latency, 50 to 99.9; null when <see cref="After"/> says how long.</summary>
    public double? AfterPercentile { get; init; } = 95;

    public TimeSpan? After { get; init; }

    /// <summary>Further attempts of one call.</summary>
    public int Max { get; init; } = 1;
}

/// <summary>When an endpoint is taken out, and for how long. At least one of the two causes is set.</summary>
public sealed record BreakerSpec
{
    /// <summary>Null: failures in a row are no cause.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>Null: the rate of success is no cause.</summary>
    public SuccessRateSpec? SuccessRate { get; init; }

    public BackoffSpec Backoff { get; init; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(300), Jitter.Equal);

    /// <summary>The share of endpoints, 0 to 1, beyond which none is taken out.</summary>
    public double MaxEjected { get; init; } = 0.5;
}

/// <summary>A rate of success below which an endpoint is taken out.</summary>
public sealed record SuccessRateSpec
{
    /// <summary>0 to 1.</summary>
    public double Below { get; init; } = 0.8;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    public int MinRequests { get; init; } = 5;
}

/// <summary>How many calls are let through.</summary>
public sealed record RateLimitSpec
{
    public required int Requests { get; init; }

    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls beyond the rate that may come at once.</summary>
    public int Burst { get; init; }

    /// <summary>What has a budget of its own: <c>service</c>, <c>client</c> or <c>header:NAME</c>.</summary>
    public string Key { get; init; } = "service";
}

/// <summary>A bound of the calls in flight that follows the service's latency.</summary>
public sealed record ConcurrencySpec
{
    /// <summary>Where it begins.</summary>
    public int Initial { get; init; } = 20;

    public int Min { get; init; } = 4;

    public int Max { get; init; } = 1000;

    /// <summary>How much slower than at its best the service may be, 0 to 1, before the bound sinks.</summary>
    public double Tolerance { get; init; } = 0.5;
}

/// <summary>How endpoints are probed.</summary>
public sealed record HealthCheckSpec
{
    public HealthCheckKind Kind { get; init; } = HealthCheckKind.Http;

    /// <summary>What is asked for when <see cref="Kind"/> is HTTP; otherwise null.</summary>
    public string? Path { get; init; }

    /// <summary>The service that a gRPC health check asks about; empty is the server as a whole.</summary>
    public string GrpcService { get; init; } = "";

    /// <summary>The statuses that are a success of an HTTP check.</summary>
    public ValueList<StatusRange> Expect { get; init; } = [new(200, 299)];

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Successes in a row that bring an endpoint back.</summary>
    public int Healthy { get; init; } = 1;

    /// <summary>Failures in a row that take it out.</summary>
    public int Unhealthy { get; init; } = 3;
}
