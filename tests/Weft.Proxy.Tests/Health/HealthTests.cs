using Weft.Resilience;

namespace Weft.Proxy.Tests;

/// <summary>Active checks through the proxy: who gets no requests, who hears of it, and when they end.</summary>
public class HealthTests
{
    // Time passes faster here than the network is.
    private const string Times = "timeouts: {connect: 1h}";
    private const string Check = "healthCheck: {path: /healthz, interval: 1s, timeout: 1h, unhealthy: 2, healthy: 1}";

    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Who_fails_its_checks_gets_no_requests_until_it_passes()
    {
        using var good = new Checked();
        using var bad = new Checked { Status = 500 };
        await using var mesh = Of(good, bad);
        await mesh.AskAsync();

        await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad), "the second one is out");
        Assert.Equal("its health check fails: it answered 500 and not 2xx", await WhyAsync(mesh, bad));
        var before = bad.Served;
        await AskAsync(mesh, 20);
        Assert.Equal(before, bad.Served);
        Assert.Equal(1, mesh.Count("weft_ejections_total", ("cause", "health-check"), ("client", "/#/t/web")));

        bad.Status = 200;
        await mesh.PassTimeUntilAsync(async () => !await IsOutAsync(mesh, bad), "it is back");
        await AskAsync(mesh, 20);

        Assert.Equal(before + 10, bad.Served);
        Assert.True(mesh.Count("weft_health_checks_total", ("outcome", "wrong-answer")) >= 2);
        Assert.Contains("fails its health check", mesh.Logged, StringComparison.Ordinal);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task All_loops_share_one_check_and_all_of_them_hear_of_it()
    {
        using var bad = new Checked { Status = 500 };
        using var good = new Checked();
        await using var mesh = Of([good, bad], workers: 3);
        var loops = mesh.Server.Loops.Where(l => l.Direction == Direction.Outbound).ToArray();
        await Eventually.HoldsAsync(
            async () =>
            {
                await mesh.AskAsync();
                foreach (var loop in loops)
                {
                    if (await Mesh.OnLoopAsync(loop, () => loop.Concretes.All.Count) == 0)
                    {
                        return false;
                    }
                }

                return true;
            },
            "requests on every loop"
        );

        Assert.Equal(2, mesh.Server.Health.Count);
        foreach (var loop in loops)
        {
            await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad, loop), "out on every loop");
        }
    }

    [Fact]
    public async Task With_nobody_left_requests_fail_at_once_and_say_why()
    {
        using var bad = new Checked { Status = 503 };
        await using var mesh = Of(bad);
        await mesh.AskAsync();
        await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad), "out");

        var response = await mesh.AskAsync();

        Assert.Equal((503, "circuit-open"), (response.Status, response.Error));
        Assert.Contains("it answered 503", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_listen_is_out_by_its_checks_alone()
    {
        var nobody = FilesProxy.FreeAddress();
        using var good = new Checked();
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ringHash, on: source}, " + Check + "}",
            names: n => n.Set("web", good.Address, nobody),
            time: _time
        );
        await mesh.AskAsync();

        // Whether or not a request has found out before.
        await mesh.PassTimeUntilAsync(
            async () => (await mesh.StateOfAsync(nobody)).Why == "its health check fails: connection refused",
            "out"
        );

        Assert.Equal(EndpointState.Ejected, (await mesh.StateOfAsync(nobody)).State);
    }

    [Fact]
    public async Task A_check_begins_with_its_endpoint_and_ends_with_it()
    {
        using var one = new Checked();
        using var other = new Checked();
        await using var mesh = Of(one);
        Assert.Equal(0, mesh.Server.Health.Count); // Nobody has asked for the name yet.
        await mesh.AskAsync();
        Assert.Equal(1, mesh.Server.Health.Count);

        mesh.Names.Set("web", one.Address, other.Address);
        await mesh.PublishAsync();
        await mesh.AskAsync();
        Assert.Equal(2, mesh.Server.Health.Count);
        mesh.Names.Set("web", other.Address);
        await mesh.PublishAsync();

        // No request comes any more: housekeeping finds out.
        await mesh.PassTimeUntilAsync(() => IsCheckedAsync(mesh, 1), "the end of the check");
        mesh.Names.Set("web");
        await mesh.PublishAsync();
        await mesh.PassTimeUntilAsync(() => IsCheckedAsync(mesh, 0), "the end of both");
    }

    [Fact]
    public async Task A_name_that_nobody_uses_is_not_checked_and_begins_anew()
    {
        using var bad = new Checked { Status = 500 };
        await using var mesh = Of(bad);
        await mesh.AskAsync();
        await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad), "out");

        await mesh.AdvanceAsync(TimeSpan.FromMinutes(11));
        await mesh.PassTimeUntilAsync(() => IsCheckedAsync(mesh, 0), "the end of the check");

        Assert.Equal(500, (await mesh.AskAsync()).Status); // Nothing is known against it.
        Assert.Equal(1, mesh.Server.Health.Count);
        await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad), "out again");
    }

    [Fact]
    public async Task What_is_known_outlives_a_world_and_new_settings_begin_anew()
    {
        using var bad = new Checked { Status = 500 };
        await using var mesh = Of(bad);
        await mesh.AskAsync();
        await mesh.PassTimeUntilAsync(() => IsOutAsync(mesh, bad), "out");

        // Another timeout makes another concrete name; what its checks found is the same.
        await mesh.PublishAsync(Mesh.Dtab, "{timeouts: {connect: 2h}, " + Check + "}");
        Assert.Equal("circuit-open", (await mesh.AskAsync()).Error);

        await mesh.PublishAsync(Mesh.Dtab, "{healthCheck: {kind: tcp, timeout: 1h}}");
        Assert.Equal(500, (await mesh.AskAsync()).Status);
        await mesh.PassTimeUntilAsync(() => IsCheckedAsync(mesh, 1), "the end of the old check");
        Assert.Equal(500, (await mesh.AskAsync()).Status);
    }

    [Fact]
    public async Task With_too_few_left_all_are_used_and_that_is_counted()
    {
        using var good = new Checked();
        using var bad = new Checked { Status = 500 };
        using var worse = new Checked { Status = 500 };
        await using var mesh = Of([good, bad, worse], "balancer: {kind: roundRobin, panic: 50%}, ");
        await mesh.AskAsync();
        await mesh.PassTimeUntilAsync(
            async () => await IsOutAsync(mesh, bad) && await IsOutAsync(mesh, worse),
            "two of three are out"
        );

        var before = bad.Served + worse.Served;
        await AskAsync(mesh, 30);

        Assert.Equal(before + 20, bad.Served + worse.Served);
        Assert.Equal(1, mesh.Count("weft_panics_total", ("client", "/#/t/web")));
    }

    private Mesh Of(params Checked[] endpoints) => Of(endpoints, "balancer: {kind: roundRobin}, ");

    private Mesh Of(Checked[] endpoints, string more = "", int workers = 1) =>
        new(
            service: $"{{{more}{Times}, {Check}}}",
            names: n => n.Set("web", [.. endpoints.Select(e => e.Address)]),
            workers: workers,
            time: _time
        );

    private static async Task<bool> IsOutAsync(Mesh mesh, Checked endpoint, LoopState? loop = null) =>
        (await mesh.StateOfAsync(endpoint.Address, loop)).State == EndpointState.Ejected;

    private static Task<bool> IsCheckedAsync(Mesh mesh, int targets) =>
        Task.FromResult(mesh.Server.Health.Count == targets);

    private static async Task<string?> WhyAsync(Mesh mesh, Checked endpoint) =>
        (await mesh.StateOfAsync(endpoint.Address)).Why;

    private static async Task AskAsync(Mesh mesh, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await mesh.AskAsync();
        }
    }

    /// <summary>Answers all requests, and counts those that are no checks.</summary>
    private sealed class Checked : IDisposable
    {
        private readonly Upstream _upstream;
        private int _served;

        public Checked() =>
            _upstream = new Upstream(async c =>
            {
                while (await c.ReadAsync() is { } seen)
                {
                    if (!seen.Line.Contains("/healthz", StringComparison.Ordinal))
                    {
                        Interlocked.Increment(ref _served);
                    }

                    await c.AnswerAsync("ok", Status);
                }
            });

        public volatile int Status = 200;

        public System.Net.IPEndPoint Address => _upstream.Address;

        public int Served => Volatile.Read(ref _served);

        public void Dispose() => _upstream.Dispose();
    }
}
