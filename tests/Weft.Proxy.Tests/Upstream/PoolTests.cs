namespace Weft.Proxy.Tests;

/// <summary>The connections to an endpoint: how many, for how long, and that each is given back once.</summary>
public class PoolTests
{
    private const string Get = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";

    [Fact]
    public async Task Requests_beyond_the_pool_are_told_that_it_is_full()
    {
        var answer = new TaskCompletionSource();
        using var upstream = Waiting(answer.Task);
        await using var mesh = new Mesh(
            service: "{pool: {maxConnections: 1, queueTimeout: 20ms}}",
            names: n => n.Set("web", upstream.Address)
        );

        var first = mesh.AskAsync();
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the first request");
        var second = await mesh.AskAsync();
        answer.SetResult();

        Assert.Equal((503, "overloaded"), (second.Status, second.Error));
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        Assert.Equal(1, upstream.Accepted);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Requests_wait_for_a_connection_that_becomes_free_in_the_order_of_their_coming()
    {
        var answers = new SemaphoreSlim(0);
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is { } seen)
            {
                await answers.WaitAsync();
                await c.AnswerAsync(seen.Line);
            }
        });
        await using var mesh = new Mesh(
            service: "{pool: {maxConnections: 1, queueTimeout: 10s}}",
            names: n => n.Set("web", upstream.Address)
        );

        var asked = new List<Task<RawResponse>>();
        for (var i = 0; i < 4; i++)
        {
            var waiting = i - 1;
            asked.Add(mesh.AskAsync(path: $"/{i}"));
            await Eventually.HoldsAsync(
                () => i == 0 ? !upstream.Requests.IsEmpty : WaitingAt(mesh) == waiting + 1,
                "the next one waits"
            );
        }

        answers.Release(4);
        await Task.WhenAll(asked);

        Assert.All(asked, r => Assert.Equal(200, r.Result.Status));
        Assert.Equal(1, upstream.Accepted);
        Assert.Equal(["/0", "/1", "/2", "/3"], upstream.Requests.Select(r => r.Line.Split(' ')[1]));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task More_than_may_wait_are_told_at_once()
    {
        var answer = new TaskCompletionSource();
        using var upstream = Waiting(answer.Task);
        await using var mesh = new Mesh(
            service: "{pool: {maxConnections: 1, maxPending: 1, queueTimeout: 60s}}",
            names: n => n.Set("web", upstream.Address)
        );

        var first = mesh.AskAsync();
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the first request");
        var second = mesh.AskAsync();
        await Eventually.HoldsAsync(() => WaitingAt(mesh) == 1, "the second waits");
        var third = await mesh.AskAsync();
        answer.SetResult();

        Assert.Equal((503, "overloaded"), (third.Status, third.Error));
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await second).Status);
        await mesh.IsAtRestAsync();
    }

    private static int WaitingAt(Mesh mesh) =>
        mesh.OnLoopAsync(() => mesh.Loop.Concretes.All.Sum(c => c.Endpoints.ToArray().Sum(e => e.Waiting)))
            .GetAwaiter()
            .GetResult();

    [Fact]
    public async Task A_full_endpoint_leaves_its_requests_to_the_others()
    {
        var answer = new TaskCompletionSource();
        using var one = Waiting(answer.Task);
        using var other = Waiting(answer.Task);
        await using var mesh = new Mesh(
            service: "{pool: {maxConnections: 2}, balancer: {kind: random}}",
            names: n => n.Set("web", one.Address, other.Address)
        );

        var asked = Enumerable.Range(0, 4).Select(_ => mesh.AskAsync()).ToArray();
        await Eventually.HoldsAsync(() => one.Requests.Count + other.Requests.Count == 4, "all four");
        answer.SetResult();

        Assert.All(await Task.WhenAll(asked), r => Assert.Equal(200, r.Status));
        Assert.Equal((2, 2), (one.Accepted, other.Accepted));
    }

    [Fact]
    public async Task Connections_are_used_again_and_closed_when_idle_for_long()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(service: "{pool: {idle: 50ms}}", names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(Get);
            Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        }

        Assert.Equal(1, upstream.Accepted);
        await Eventually.HoldsAsync(
            () => mesh.Count("weft_connections_open", ("peer", "upstream")) == 0,
            "no idle connection"
        );
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more that nobody asked for")]
    public async Task A_connection_that_is_not_in_step_is_not_used_again(string answer)
    {
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await c.Wire.SendAsync(answer);
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(Get);
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        Assert.Equal(3, upstream.Accepted);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_withdrawn_endpoint_finishes_what_it_has_begun_and_gets_nothing_more()
    {
        var answer = new TaskCompletionSource();
        using var old = Waiting(answer.Task);
        using var next = Upstream.Answering("next");
        await using var mesh = new Mesh(names: n => n.Set("web", old.Address));

        var begun = mesh.AskAsync();
        await Eventually.HoldsAsync(() => !old.Requests.IsEmpty, "the request");
        mesh.Names.Set("web", next.Address);
        await mesh.PublishAsync();
        Assert.Equal("next", (await mesh.AskAsync()).Body);
        answer.SetResult();

        Assert.Equal("done", (await begun).Body);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_connections_open", ("peer", "upstream")));
    }

    [Fact]
    public async Task An_endpoint_that_comes_back_while_it_still_works_counts_right()
    {
        var answer = new TaskCompletionSource();
        using var upstream = Waiting(answer.Task);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        var begun = mesh.AskAsync();
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");

        mesh.Names.Set("web");
        await mesh.PublishAsync();
        Assert.Equal("no-endpoints", (await mesh.AskAsync()).Error);
        mesh.Names.Set("web", upstream.Address);
        await mesh.PublishAsync();
        var again = mesh.AskAsync();
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 2, "the next request");
        answer.SetResult();

        Assert.Equal(200, (await begun).Status);
        Assert.Equal(200, (await again).Status);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task New_settings_of_a_service_are_in_force_for_the_next_request()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.ReadToEndAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        await mesh.PublishAsync(Mesh.Dtab, "{timeouts: {attempt: 50ms}}");

        Assert.Equal("attempt-timeout", (await mesh.AskAsync()).Error);
    }

    private static Upstream Waiting(Task until) =>
        new(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await until;
                await c.AnswerAsync("done");
            }
        });
}
