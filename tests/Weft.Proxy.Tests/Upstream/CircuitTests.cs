using Weft.Http;
using Weft.Http.Tests.Http2;
using Weft.Resilience;

namespace Weft.Proxy.Tests;

/// <summary>Endpoints whose calls fail are taken out, and come back.</summary>
public sealed class CircuitTests : IDisposable
{
    private const string Row = "consecutiveFailures: 3, backoff: {base: 10s, max: 60s, jitter: none}";

    private readonly VirtualTime _time = new();
    private readonly Judged _good = new();
    private readonly Judged _bad = new() { Status = 500 };

    public void Dispose()
    {
        _good.Dispose();
        _bad.Dispose();
    }

    [Fact]
    public async Task Failures_in_a_row_take_an_endpoint_out_until_a_probe_succeeds()
    {
        await using var mesh = Of(Row);
        await AskAsync(mesh, 20);
        Assert.Equal(3, _bad.Served);
        Assert.Equal(
            (EndpointState.Ejected, "its calls failed one after the other"),
            await mesh.StateOfAsync(_bad.Address)
        );
        Assert.Equal(1, mesh.Count("weft_ejections_total", ("cause", "consecutive"), ("client", "/#/t/web")));

        await mesh.AdvanceAsync(TimeSpan.FromSeconds(10));
        await AskAsync(mesh, 10);
        Assert.Equal(4, _bad.Served); // A probe, which failed: twice as long now.
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(19));
        await AskAsync(mesh, 10);
        Assert.Equal(4, _bad.Served);

        _bad.Status = 200;
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(1));
        await AskAsync(mesh, 20);
        Assert.InRange(_bad.Served, 12, 15);
        Assert.Equal((EndpointState.Ready, null), await mesh.StateOfAsync(_bad.Address));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task One_probe_is_out_at_a_time()
    {
        await using var mesh = Of(Row);
        await AskAsync(mesh, 10);
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(10));
        _bad.Status = 200;
        _bad.Holds = true;

        var asked = Enumerable.Range(0, 4).Select(_ => mesh.AskAsync()).ToArray();
        await Eventually.HoldsAsync(() => _bad.Served == 4, "the probe");
        await AskAsync(mesh, 10);
        Assert.Equal(4, _bad.Served);
        Assert.Equal(EndpointState.Probing, (await mesh.StateOfAsync(_bad.Address)).State);

        _bad.Release();
        Assert.All(await Task.WhenAll(asked), r => Assert.Equal(200, r.Status));
        Assert.Equal(EndpointState.Ready, (await mesh.StateOfAsync(_bad.Address)).State);
    }

    [Fact]
    public async Task A_low_rate_of_success_takes_an_endpoint_out()
    {
        await using var mesh = Of("successRate: {below: 80%, window: 30s, minRequests: 8}");
        _bad.FailsEvery = 2;

        await AskAsync(mesh, 60);

        // Every second one fails: never two in a row, and after eight calls four.
        Assert.Equal(8, _bad.Served);
        Assert.Equal("too many of its calls fail", (await mesh.StateOfAsync(_bad.Address)).Why);
        Assert.Equal(1, mesh.Count("weft_ejections_total", ("cause", "success-rate")));
    }

    [Fact]
    public async Task Who_takes_no_connections_is_out_without_any_policy()
    {
        var nobody = FilesProxy.FreeAddress();
        await using var mesh = new Mesh(
            service: "{balancer: {kind: roundRobin}}",
            names: n => n.Set("web", _good.Address, nobody),
            time: _time
        );

        await AskAsync(mesh, 10);

        Assert.Equal(10, _good.Served);
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "502")));
        Assert.Equal((EndpointState.Ejected, "Connection refused"), await mesh.StateOfAsync(nobody));
        Assert.Equal(1, mesh.Count("weft_ejections_total", ("cause", "connect")));
    }

    [Theory]
    [InlineData("[503]", 500, 10)]
    [InlineData("[503]", 503, 3)]
    [InlineData("[404]", 404, 3)]
    [InlineData("[]", 503, 10)]
    public async Task What_counts_as_a_failure_is_the_services_affair(string failOn, int status, int served)
    {
        _bad.Status = status;
        await using var mesh = Of(Row, $"failOn: {failOn}");

        await AskAsync(mesh, 20);

        Assert.Equal(served, _bad.Served);
    }

    [Fact]
    public async Task No_more_are_taken_out_than_the_limit_allows()
    {
        using var worse = new Judged { Status = 500 };
        await using var mesh = Of(Row + ", maxEjected: 34%", endpoints: [_good, _bad, worse]);

        await AskAsync(mesh, 60);

        Assert.Equal(3, Math.Min(_bad.Served, worse.Served));
        Assert.InRange(Math.Max(_bad.Served, worse.Served), 25, 40);
        Assert.Equal(1, mesh.Count("weft_ejections_total"));
    }

    [Fact]
    public async Task The_only_endpoint_stays_unless_all_may_go()
    {
        await using (var mesh = Of(Row, endpoints: [_bad]))
        {
            await AskAsync(mesh, 10);
            Assert.Equal(10, _bad.Served);
        }

        await using var strict = Of(Row + ", maxEjected: 100%", endpoints: [_bad]);
        await AskAsync(strict, 3);
        var response = await strict.AskAsync();

        Assert.Equal((503, "circuit-open"), (response.Status, response.Error));
        Assert.Contains("its calls failed one after the other", response.Body, StringComparison.Ordinal);
        Assert.Equal(13, _bad.Served);
        Assert.Equal(1, strict.Count("weft_errors_total", ("reason", "circuit-open")));
    }

    [Fact]
    public async Task To_a_gRPC_caller_an_open_circuit_is_unavailable()
    {
        await using var mesh = Of(Row + ", maxEjected: 100%", endpoints: [_bad]);
        await AskAsync(mesh, 3);
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client
            .Headers(
                1,
                endStream: true,
                (":method", "POST"),
                (":scheme", "http"),
                (":path", "/shop.Books/Find"),
                (":authority", "web"),
                ("te", "trailers"),
                ("content-type", "application/grpc")
            )
            .FlushAsync();
        var fields = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));

        Assert.Contains(("grpc-status", "14"), fields);
        Assert.Contains(("weft-error", "circuit-open"), fields);
    }

    [Fact]
    public async Task A_fast_failure_does_not_attract_load()
    {
        using var slow = new Judged();
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ewma}}",
            names: n => n.Set("web", slow.Address, _bad.Address),
            time: _time
        );
        slow.Work = () => mesh.AdvanceAsync(TimeSpan.FromMilliseconds(2));

        await AskAsync(mesh, 200);

        Assert.InRange(_bad.Served, 1, 20);
    }

    [Fact]
    public async Task Who_is_taken_out_loses_its_idle_connections()
    {
        await using var mesh = Of(Row);
        _bad.Status = 200;
        await AskAsync(mesh, 2);
        Assert.Equal(1, await IdleAsync(mesh));
        _bad.Status = 500;

        await AskAsync(mesh, 6);

        await Eventually.HoldsAsync(async () => await IdleAsync(mesh) == 0, "no idle connection");
        Assert.Equal(1, _bad.Accepted);
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(10));
        await AskAsync(mesh, 2);
        Assert.Equal(2, _bad.Accepted);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task One_that_joins_warms_up()
    {
        using var newcomer = new Judged();
        await using var mesh = new Mesh(
            service: "{balancer: {kind: roundRobin, slowStart: 160s}}",
            names: n => n.Set("web", _good.Address),
            time: _time
        );
        await AskAsync(mesh, 1);
        mesh.Names.Set("web", _good.Address, newcomer.Address);
        await mesh.PublishAsync();

        await AskAsync(mesh, 110);
        Assert.InRange(newcomer.Served, 8, 12); // A tenth of its weight.
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(160));
        var before = newcomer.Served;
        await AskAsync(mesh, 100);

        Assert.InRange(newcomer.Served - before, 48, 52);
    }

    private Task<int> IdleAsync(Mesh mesh) =>
        mesh.OnLoopAsync(() =>
            mesh.Loop.Concretes.All.Single().Endpoints.ToArray().Single(e => e.Address.Equals(_bad.Address)).IdleCount
        );

    private Mesh Of(string breaker, string more = "failOn: [5xx]", Judged[]? endpoints = null) =>
        new(
            service: $"{{balancer: {{kind: roundRobin}}, breaker: {{{breaker}}}, {more}}}",
            names: n => n.Set("web", [.. (endpoints ?? [_good, _bad]).Select(e => e.Address)]),
            time: _time
        );

    private static async Task AskAsync(Mesh mesh, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await mesh.AskAsync();
        }
    }

    /// <summary>A server that does as well as the test says, and counts.</summary>
    private sealed class Judged : IDisposable
    {
        private readonly Upstream _upstream;
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _served;

        public Judged() =>
            _upstream = new Upstream(async c =>
            {
                while (await c.ReadAsync() is not null)
                {
                    var number = Interlocked.Increment(ref _served);
                    if (Holds)
                    {
                        await _released.Task;
                    }

                    await (Work?.Invoke() ?? Task.CompletedTask);
                    await c.AnswerAsync("", FailsEvery > 1 && number % FailsEvery != 0 ? 200 : Status);
                }
            });

        public volatile int Status = 200;

        public volatile bool Holds;

        public int FailsEvery { get; set; }

        /// <summary>What it does before it answers; null for nothing.</summary>
        public Func<Task>? Work { get; set; }

        public System.Net.IPEndPoint Address => _upstream.Address;

        public int Served => Volatile.Read(ref _served);

        public int Accepted => _upstream.Accepted;

        public void Release()
        {
            Holds = false;
            _released.SetResult();
        }

        public void Dispose() => _upstream.Dispose();
    }
}
