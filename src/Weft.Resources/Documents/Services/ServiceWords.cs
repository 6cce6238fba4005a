namespace Weft.Resources;

/// <summary>How an endpoint is chosen.</summary>
public enum BalancerKind
{
    /// <summary>Power of two choices over peak-sensitive moving averages of latency.</summary>
    Ewma,

    /// <summary>Power of two choices over requests in flight.</summary>
    LeastRequest,
    RoundRobin,
    Random,

    /// <summary>The same key goes to the same endpoint.</summary>
    RingHash,
}

/// <summary>What may be retried.</summary>
public enum RetryCondition
{
    ConnectFailure,
    RefusedStream,
    Reset,
    ServerError,
    GatewayError,
    AttemptTimeout,
    RetriableClientError,
}

/// <summary>The methods whose requests may be retried.</summary>
public enum RetryMethods
{
    /// <summary>RFC 9110, 9.2.2.</summary>
    Idempotent,
    All,
    Listed,
}

/// <summary>How much of a backoff is left to chance.</summary>
public enum Jitter
{
    None,

    /// <summary>Anything from nothing to the whole.</summary>
    Full,

    /// <summary>Half fixed, half chance.</summary>
    Equal,

    /// <summary>Grown from the last wait instead of the count of tries.</summary>
    Decorrelated,
}

/// <summary>How an endpoint is probed.</summary>
public enum HealthCheckKind
{
    /// <summary>A GET of a path.</summary>
    Http,

    /// <summary>The gRPC health checking protocol.</summary>
    Grpc,

    /// <summary>Whether it takes connections.</summary>
    Tcp,
}

/// <summary>The words of the schema, each with what it means.</summary>
internal static class ServiceWords
{
    public static readonly (string, ProxyProtocolVersion)[] ProxyProtocols =
    [
        ("none", ProxyProtocolVersion.None),
        ("v1", ProxyProtocolVersion.V1),
        ("v2", ProxyProtocolVersion.V2),
    ];

    public static readonly (string, BalancerKind)[] Balancers =
    [
        ("ewma", BalancerKind.Ewma),
        ("leastRequest", BalancerKind.LeastRequest),
        ("roundRobin", BalancerKind.RoundRobin),
        ("random", BalancerKind.Random),
        ("ringHash", BalancerKind.RingHash),
    ];

    public static readonly (string, HealthCheckKind)[] HealthChecks =
    [
        ("http", HealthCheckKind.Http),
        ("grpc", HealthCheckKind.Grpc),
        ("tcp", HealthCheckKind.Tcp),
    ];

    public static readonly (string, Jitter)[] Jitters =
    [
        ("none", Jitter.None),
        ("full", Jitter.Full),
        ("equal", Jitter.Equal),
        ("decorrelated", Jitter.Decorrelated),
    ];

    public static readonly (string, RetryMethods)[] Methods =
    [
        ("idempotent", RetryMethods.Idempotent),
        ("all", RetryMethods.All),
    ];

    public static readonly (string, RetryCondition)[] Conditions =
    [
        ("connect-failure", RetryCondition.ConnectFailure),
        ("refused-stream", RetryCondition.RefusedStream),
        ("reset", RetryCondition.Reset),
        ("5xx", RetryCondition.ServerError),
        ("gateway-error", RetryCondition.GatewayError),
        ("attempt-timeout", RetryCondition.AttemptTimeout),
        ("retriable-4xx", RetryCondition.RetriableClientError),
    ];

    public static readonly (string, EndpointProtocol)[] Protocols =
    [
        ("auto", EndpointProtocol.Auto),
        ("http1", EndpointProtocol.Http1),
        ("http2", EndpointProtocol.Http2),
    ];

    /// <summary>The status codes of gRPC that are errors.</summary>
    public static readonly (string, string)[] GrpcStatuses =
    [
        .. GrpcStatusNames.All.Skip(1).Select(name => (name, name)),
    ];
}
