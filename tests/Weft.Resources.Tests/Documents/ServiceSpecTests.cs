namespace Weft.Resources.Tests.Documents;

public sealed class ServiceSpecTests
{
    private static ServiceSpec Parse(string spec)
    {
        var parse = ResourceSet.Parse([("s.yaml", $"kind: Service\nmetadata: {{name: s}}\nspec: {spec}\n")]);
        Assert.Empty(parse.Problems);
        return parse.Set.Services[0].Spec;
    }

    [Fact]
    public void An_empty_spec_is_the_default() => Assert.Equal(ServiceSpec.Default, Parse("{}"));

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var spec = ServiceSpec.Default;
        Assert.Equal(TimeSpan.FromSeconds(1), spec.Timeouts.Connect);
        Assert.Equal(TimeSpan.FromSeconds(60), spec.Timeouts.Idle);
        Assert.Null(spec.Timeouts.Request);
        Assert.Null(spec.Timeouts.Attempt);
        Assert.Equal(new BalancerSpec(BalancerKind.Ewma), spec.Balancer);
        Assert.Equal((1024, TimeSpan.FromSeconds(60)), (spec.Pool.MaxConnections, spec.Pool.Idle));
        Assert.Equal([new StatusRange(500, 599)], spec.FailOn);
        Assert.Null(spec.Retries);
        Assert.Null(spec.Breaker);
    }

    [Fact]
    public void What_is_in_force_is_read()
    {
        var spec = Parse(
            "{timeouts: {request: 2s, attempt: 500ms, idle: 3s, connect: 4s, tcpIdle: 2h}, balancer: {kind: roundRobin}, pool: {maxConnections: 7, idle: 5s}, failOn: [5xx, 429], proxyProtocol: v2}"
        );
        Assert.Equal(TimeSpan.FromHours(2), spec.Timeouts.TcpIdle);
        Assert.Equal(ProxyProtocolVersion.V2, spec.ProxyProtocol);
        Assert.Equal(TimeSpan.FromSeconds(2), spec.Timeouts.Request);
        Assert.Equal(TimeSpan.FromMilliseconds(500), spec.Timeouts.Attempt);
        Assert.Equal(TimeSpan.FromSeconds(3), spec.Timeouts.Idle);
        Assert.Equal(TimeSpan.FromSeconds(4), spec.Timeouts.Connect);
        Assert.Equal(BalancerKind.RoundRobin, spec.Balancer.Kind);
        Assert.Equal((7, TimeSpan.FromSeconds(5)), (spec.Pool.MaxConnections, spec.Pool.Idle));
        Assert.Equal([new StatusRange(500, 599), new StatusRange(429, 429)], spec.FailOn);
    }

    [Fact]
    public void What_is_not_yet_in_force_is_kept_too()
    {
        var spec = Parse(
            "{retries: {on: [reset, 5xx, 503], methods: [GET, PUT], grpc: [unavailable], limit: 2}, breaker: {consecutiveFailures: 4}, rateLimit: {requests: 9, key: client}, healthCheck: {path: /ok}, balancer: {kind: ringHash, on: source}}"
        );
        Assert.Equal([RetryCondition.Reset, RetryCondition.ServerError], spec.Retries!.On);
        Assert.Equal([new StatusRange(503, 503)], spec.Retries.Statuses);
        Assert.Equal((RetryMethods.Listed, 2), (spec.Retries.Methods, spec.Retries.Limit));
        Assert.Equal(["GET", "PUT"], spec.Retries.MethodList);
        Assert.Equal(["unavailable"], spec.Retries.Grpc);
        Assert.Equal(4, spec.Breaker!.ConsecutiveFailures);
        Assert.Null(spec.Breaker.SuccessRate);
        Assert.Equal(new RateLimitSpec { Requests = 9, Key = "client" }, spec.RateLimit);
        Assert.Equal(new HealthCheckSpec { Path = "/ok" }, spec.HealthCheck);
        Assert.Equal(new BalancerSpec(BalancerKind.RingHash, "source"), spec.Balancer);
    }

    [Fact]
    public void A_hedge_waits_for_a_percentile_or_a_time()
    {
        Assert.Equal(new HedgeSpec { AfterPercentile = 99.9, Max = 2 }, Parse("{hedge: {after: p99.9, max: 2}}").Hedge);
        var timed = new HedgeSpec { AfterPercentile = null, After = TimeSpan.FromMilliseconds(50) };
        Assert.Equal(timed, Parse("{hedge: {after: 50ms}}").Hedge);
        Assert.Equal(new HedgeSpec { AfterPercentile = 95, Max = 1 }, Parse("{hedge: {}}").Hedge);
    }

    [Fact]
    public void Health_is_checked_in_one_of_three_ways()
    {
        var grpc = Parse("{healthCheck: {kind: grpc, service: shop.Books, unhealthy: 2}}").HealthCheck!;
        Assert.Equal((HealthCheckKind.Grpc, "shop.Books", 2), (grpc.Kind, grpc.GrpcService, grpc.Unhealthy));
        Assert.Equal(HealthCheckKind.Tcp, Parse("{healthCheck: {kind: tcp}}").HealthCheck!.Kind);
        var http = Parse("{healthCheck: {path: /ok, expect: [2xx, 304]}}").HealthCheck!;
        Assert.Equal([new StatusRange(200, 299), new StatusRange(304, 304)], http.Expect);
    }

    [Fact]
    public void A_bound_on_one_side_moves_where_concurrency_begins()
    {
        Assert.Equal(100, Parse("{concurrency: {min: 100}}").Concurrency!.Initial);
        Assert.Equal(8, Parse("{concurrency: {max: 8}}").Concurrency!.Initial);
        Assert.Equal(50, Parse("{concurrency: {max: 8, initial: 50}}").Concurrency!.Initial);
    }

    [Fact]
    public void The_balancer_knows_of_time_health_and_zones()
    {
        var balancer = Parse(
            "{balancer: {kind: leastRequest, slowStart: 30s, panic: 50%, zones: {failover: 80%}}}"
        ).Balancer;
        Assert.Equal(TimeSpan.FromSeconds(30), balancer.SlowStart);
        Assert.Equal(0.5, balancer.Panic);
        Assert.Equal(0.8, balancer.Zones!.Failover);
    }
}
