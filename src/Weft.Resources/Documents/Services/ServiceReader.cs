using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of a Service to a <see cref="ServiceSpec"/>.</summary>
internal static class ServiceReader
{
    private static readonly string[] NotInForce = ["retries", "breaker", "rateLimit", "healthCheck"];

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
            Balancer = ReadBalancer(map.Map("balancer"), context),
            Breaker = map.Map("breaker") is { } breaker ? BreakerReader.Read(breaker) : null,
            Pool = ReadPool(map.Map("pool"), context),
            RateLimit = map.Map("rateLimit") is { } limit ? ReadRateLimit(limit) : null,
            HealthCheck = map.Map("healthCheck") is { } check ? ReadHealthCheck(check) : null,
            ProxyProtocol = map.Choice("proxyProtocol", ProxyProtocolVersion.None, ServiceWords.ProxyProtocols),
            FailOn = ReadFailOn(map),
        };
        map.End();
        foreach (var key in NotInForce)
        {
            context.WarnNotInForce(map, key, $"'{key}'");
        }
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

    private static BalancerSpec ReadBalancer(MapReader? map, DocumentContext context)
    {
        if (map is null)
        {
            return Defaults.Balancer;
        }
        const string expected = "write source, header:NAME or cookie:NAME";
        var kind = map.Choice("kind", Defaults.Balancer.Kind, ServiceWords.Balancers);
        var on = map.Scalar("on", expected);
        map.End();
        if (on is not null && on.Text != "source" && !Words.IsNamed(on.Text, "header", "cookie"))
        {
            map.Problems.Add(on.Position, $"'on' cannot be {on.Noun}", expected);
        }
        if (kind == BalancerKind.RingHash)
        {
            context.WarnNotInForce(map, "kind", "balancer 'ringHash'");
            if (on is null)
            {
                map.Problems.Add(map.Position, "balancer 'ringHash' needs 'on'", expected);
            }
        }
        else if (on is not null)
        {
            map.Problems.Add(map.Place("on"), "'on' is for balancer 'ringHash'", "remove it");
        }
        return new BalancerSpec(kind, on?.Text);
    }

    private static PoolSpec ReadPool(MapReader? map, DocumentContext context)
    {
        if (map is null)
        {
            return Defaults.Pool;
        }
        var pool = new PoolSpec
        {
            MaxConnections = map.Int("maxConnections", Defaults.Pool.MaxConnections, 1, 1_000_000),
            MaxPending = map.Int("maxPending", Defaults.Pool.MaxPending, 0, 1_000_000),
            MaxRequests = map.Int("maxRequests", Defaults.Pool.MaxRequests, 0, 1_000_000),
            Idle = map.Value("idle", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Pool.Idle,
        };
        map.End();
        context.WarnNotInForce(map, "maxPending", "'pool.maxPending'");
        context.WarnNotInForce(map, "maxRequests", "'pool.maxRequests'");
        return pool;
    }

    private static RateLimitSpec ReadRateLimit(MapReader map)
    {
        const string expected = "write service, client or header:NAME";
        if (!map.Has("requests"))
        {
            map.Problems.Add(map.Position, "'rateLimit' needs 'requests'", "write how many are let through");
        }
        var defaults = new RateLimitSpec { Requests = 1 };
        var key = map.Scalar("key", expected);
        if (key is not null && key.Text is not ("service" or "client") && !Words.IsNamed(key.Text, "header"))
        {
            map.Problems.Add(key.Position, $"'key' cannot be {key.Noun}", expected);
        }
        var limit = new RateLimitSpec
        {
            Requests = map.Int("requests", defaults.Requests, 1, 1_000_000_000),
            Per = map.Value("per", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Per,
            Burst = map.Int("burst", defaults.Burst, 0, 1_000_000_000),
            Key = key?.Text ?? defaults.Key,
        };
        map.End();
        return limit;
    }

    private static HealthCheckSpec ReadHealthCheck(MapReader map)
    {
        const string expected = "write a path, such as /healthz";
        var path = map.AsScalar(map.RequiredNode("path", expected), "'path'", expected);
        if (path is not null && (!path.Text.StartsWith('/') || path.Text.AsSpan().ContainsAnyInRange('\0', ' ')))
        {
            map.Problems.Add(path.Position, $"'path' cannot be {path.Noun}", expected);
        }
        var defaults = new HealthCheckSpec { Path = path?.Text ?? "/" };
        var check = defaults with
        {
            Interval = map.Value("interval", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Interval,
            Timeout = map.Value("timeout", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Timeout,
            Healthy = map.Int("healthy", defaults.Healthy, 1, 1000),
            Unhealthy = map.Int("unhealthy", defaults.Unhealthy, 1, 1000),
        };
        map.End();
        return check;
    }

    private static ValueList<StatusRange> ReadFailOn(MapReader map)
    {
        const string expected = "write a list of status codes and classes, such as [5xx, 429]";
        if (!map.Has("failOn"))
        {
            _ = map.Node("failOn");
            return Defaults.FailOn;
        }
        var ranges = new List<StatusRange>();
        foreach (var scalar in map.List("failOn", expected).Select(i => map.AsScalar(i, "'failOn'", expected)))
        {
            if (scalar is null)
            {
                continue;
            }
            if (StatusRange.TryParse(scalar.Text, out var range))
            {
                ranges.Add(range);
            }
            else
            {
                map.Problems.Add(scalar.Position, $"'failOn' cannot have {scalar.Noun}", expected);
            }
        }
        return [.. ranges];
    }
}
