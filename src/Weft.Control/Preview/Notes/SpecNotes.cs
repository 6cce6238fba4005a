using Weft.Resources;
using Weft.Resources.Scalars;

namespace Weft.Control;

/// <summary>What changes in how calls are made, in words.</summary>
internal static class SpecNotes
{
    /// <summary>What holds for the calls of a service that take a rule, wherever they go; null for those that take none.</summary>
    public static ServiceSpec Under(RouteRule? rule, ServiceSpec spec) =>
        rule is null
            ? spec
            : spec with
            {
                Timeouts = spec.Timeouts with
                {
                    Request = Over(rule.RequestTimeout, spec.Timeouts.Request),
                    Attempt = Over(rule.BackendRequestTimeout, spec.Timeouts.Attempt),
                },
                Retries = rule.Retry is null ? spec.Retries : rule.Retry.Over(spec.Retries),
            };

    /// <summary>What changes about the calls of a service, wherever they go.</summary>
    public static IEnumerable<string> OfCalls(ServiceSpec now, ServiceSpec then)
    {
        var (before, after) = (now.Timeouts, then.Timeouts);
        return Present(
            Timeout("request", before.Request, after.Request),
            Timeout("attempt", before.Attempt, after.Attempt),
            Timeout("idle", before.Idle, after.Idle),
            Presence("retries", now.Retries, then.Retries),
            Presence("hedge", now.Hedge, then.Hedge),
            Presence("rate limit", now.RateLimit, then.RateLimit),
            Presence("concurrency limit", now.Concurrency, then.Concurrency),
            now.Pool.MaxRequests == then.Pool.MaxRequests
                ? null
                : $"maxRequests: {now.Pool.MaxRequests} -> {then.Pool.MaxRequests}",
            Change("failOn", now.FailOn, then.FailOn)
        );
    }

    /// <summary>What changes about the endpoints of a name.</summary>
    public static IEnumerable<string> OfEndpoints(ServiceSpec now, ServiceSpec then) =>
        Present(
            Timeout("connect", now.Timeouts.Connect, then.Timeouts.Connect),
            Presence("breaker", now.Breaker, then.Breaker),
            Presence("health check", now.HealthCheck, then.HealthCheck),
            Change("balancer", now.Balancer, then.Balancer),
            Change("pool", now.Pool with { MaxRequests = 0 }, then.Pool with { MaxRequests = 0 }),
            Change("protocol", now.Protocol, then.Protocol),
            Change("proxyProtocol", now.ProxyProtocol, then.ProxyProtocol)
        );

    /// <summary><c>retries added</c>, <c>removed</c> or <c>changed</c>; null when nothing is.</summary>
    public static string? Presence<T>(string what, T? now, T? then)
        where T : class =>
        (now, then) switch
        {
            (null, null) => null,
            (null, _) => $"{what} added",
            (_, null) => $"{what} removed",
            _ => Change(what, now, then),
        };

    /// <summary><c>timeout request: 2s -> 1s</c>; null when it stays.</summary>
    private static string? Timeout(string which, TimeSpan? now, TimeSpan? then) =>
        now == then ? null : $"timeout {which}: {Show(now)} -> {Show(then)}";

    public static IEnumerable<string> Present(params string?[] notes) => notes.OfType<string>();

    private static string? Change<T>(string what, T now, T then)
        where T : notnull => now.Equals(then) ? null : $"{what} changed";

    /// <summary>Zero is without limit, which is how a rule lifts that of its service.</summary>
    private static TimeSpan? Over(TimeSpan? stated, TimeSpan? service) =>
        stated is null ? service
        : stated == TimeSpan.Zero ? null
        : stated;

    private static string Show(TimeSpan? timeout) => timeout is { } value ? DurationText.Show(value) : "none";
}
