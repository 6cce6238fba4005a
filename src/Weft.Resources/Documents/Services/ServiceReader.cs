using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of a Service to a <see cref="ServiceSpec"/>.</summary>
internal static class ServiceReader
{
    private static readonly ServiceSpec Defaults = ServiceSpec.Default;

    public static Resource? Read(Envelope envelope, YamlNode node, DocumentContext context)
    {
        if (MapReader.Open(node, "the spec of a Service", context.Problems) is not { } map)
        {
            return null;
        }
        var spec = new ServiceSpec
        {
            Protocol = map.Choice("protocol", Defaults.Protocol, ServiceWords.Protocols),
            Timeouts = ReadTimeouts(map.Map("timeouts")),
            Retries = map.Map("retries") is { } retries ? RetriesReader.Read(retries) : null,
            Hedge = map.Map("hedge") is { } hedge ? HedgeReader.Read(hedge) : null,
            Balancer = map.Map("balancer") is { } balancer ? BalancerReader.Read(balancer) : Defaults.Balancer,
            Breaker = map.Map("breaker") is { } breaker ? BreakerReader.Read(breaker) : null,
            Pool = ReadPool(map.Map("pool")),
            RateLimit = map.Map("rateLimit") is { } limit ? LimitReader.ReadRate(limit) : null,
            Concurrency = map.Map("concurrency") is { } concurrency ? LimitReader.ReadConcurrency(concurrency) : null,
            HealthCheck = map.Map("healthCheck") is { } check ? HealthCheckReader.Read(check) : null,
            ProxyProtocol = map.Choice("proxyProtocol", ProxyProtocolVersion.None, ServiceWords.ProxyProtocols),
            FailOn = ReadFailOn(map),
        };
        map.End();
        return new ServiceDocument
        {
            Name = envelope.Name,
            Labels = envelope.Labels,
            Origin = envelope.Origin,
            Spec = spec,
        };
    }

    private static TimeoutsSpec ReadTimeouts(MapReader? map)
    {
        if (map is null)
        {
            return Defaults.Timeouts;
        }
        var timeouts = new TimeoutsSpec
        {
            Request = map.Value("request", ScalarKinds.Duration, Ranges.Timeout),
            Attempt = map.Value("attempt", ScalarKinds.Duration, Ranges.Timeout),
            Idle = map.Value("idle", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Timeouts.Idle,
            Connect = map.Value("connect", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Timeouts.Connect,
            TcpIdle = map.Value("tcpIdle", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Timeouts.TcpIdle,
        };
        map.End();
        return timeouts;
    }

    private static PoolSpec ReadPool(MapReader? map)
    {
        if (map is null)
        {
            return Defaults.Pool;
        }
        var pool = new PoolSpec
        {
            MaxConnections = map.Int("maxConnections", Defaults.Pool.MaxConnections, 1, 1_000_000),
            MaxPending = map.Int("maxPending", Defaults.Pool.MaxPending, 0, 1_000_000),
            QueueTimeout =
                map.Value("queueTimeout", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Pool.QueueTimeout,
            MaxRequests = map.Int("maxRequests", Defaults.Pool.MaxRequests, 0, 1_000_000),
            Idle = map.Value("idle", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Pool.Idle,
        };
        map.End();
        return pool;
    }

    private static ValueList<StatusRange> ReadFailOn(MapReader map)
    {
        var ranges = StatusRangeReader.Read(map, "failOn");
        return map.Has("failOn") ? ranges : Defaults.FailOn;
    }
}
