namespace Weft.Proxy.Tests;

/// <summary>Requests that a service does not let in: at once, with the reason, and counted.</summary>
public class LimitTests
{
    [Theory]
    [InlineData("service", "x-user: a\r\n", "x-user: b\r\n", 429)]
    [InlineData("client", "x-user: a\r\n", "x-user: b\r\n", 429)]
    [InlineData("header:x-user", "x-user: a\r\n", "x-user: b\r\n", 200)]
    [InlineData("header:x-user", "x-user: a\r\n", "x-user: a\r\n", 429)]
    [InlineData("header:x-user", "", "", 429)]
    public async Task A_rate_is_that_of_its_key(string key, string first, string then, int status)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: $"{{rateLimit: {{requests: 2, per: 60s, burst: 0, key: \"{key}\"}}}}",
            names: n => n.Set("web", upstream.Address)
        );

        Assert.Equal(200, (await mesh.AskAsync(fields: first)).Status);
        Assert.Equal(200, (await mesh.AskAsync(fields: first)).Status);
        var response = await mesh.AskAsync(fields: then);

        Assert.Equal(status, response.Status);
        await mesh.IsAtRestAsync();
        Assert.Equal(
            status == 429 ? 1 : 0,
            mesh.Count("weft_errors_total", ("service", "web"), ("reason", "rate-limited"))
        );
        Assert.Equal(status == 429 ? 2 : 3, upstream.Requests.Count);
        if (status == 429)
        {
            Assert.Equal("rate-limited", response.Error);
            Assert.InRange(int.Parse(response["retry-after"]!), 29, 30); // One of two a minute.
        }
    }

    [Fact]
    public async Task Who_comes_when_it_was_told_to_is_let_in()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{rateLimit: {requests: 1, per: 1s}}",
            names: n => n.Set("web", upstream.Address),
            time: new VirtualTime()
        );
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        var wait = int.Parse((await mesh.AskAsync())["retry-after"]!);

        await mesh.AdvanceAsync(TimeSpan.FromSeconds(wait));

        Assert.Equal(1, wait);
        Assert.Equal(200, (await mesh.AskAsync()).Status);
    }

    [Theory]
    [InlineData(1, "outbound")]
    [InlineData(2, "outbound")]
    [InlineData(2, "inbound")]
    public async Task Requests_in_flight_are_bounded_exactly_over_all_loops(int workers, string kind)
    {
        var held = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await held.Task;
                await c.AnswerAsync("ok");
            }
        });
        await using var mesh = new Mesh(
            kind == "inbound" ? $"service: web\nto: {upstream.Address}" : "",
            service: "{pool: {maxRequests: 5}}",
            names: n => n.Set("web", upstream.Address),
            kind: kind,
            workers: workers
        );
        Wire[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => mesh.ConnectAsync()))];
        foreach (var client in clients)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        }

        await Eventually.HoldsAsync(
            () => mesh.Count("weft_errors_total", ("reason", "overloaded")) == 11,
            "eleven refused"
        );
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 5, "five let in");
        held.SetResult();
        var answers = await Task.WhenAll(clients.Select(c => c.ReadResponseAsync()));

        Assert.Equal(5, answers.Count(a => a!.Status == 200));
        Assert.Equal(11, answers.Count(a => (a!.Status, a.Error) == (503, "overloaded")));
        foreach (var client in clients.Take(5))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        }

        Array.ForEach(clients, c => c.Dispose());
        await mesh.IsAtRestAsync();
        Assert.Equal(10, mesh.Count("weft_attempts_total"));
    }

    [Fact]
    public async Task A_bound_that_follows_latency_turns_away_what_is_too_much()
    {
        var held = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await held.Task;
                await c.AnswerAsync("ok");
            }
        });
        await using var mesh = new Mesh(
            service: "{concurrency: {initial: 4, min: 4, max: 4}}",
            names: n => n.Set("web", upstream.Address)
        );
        Wire[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mesh.ConnectAsync()))];
        foreach (var client in clients)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        }

        await Eventually.HoldsAsync(
            () => mesh.Count("weft_errors_total", ("reason", "overloaded")) >= 4,
            "some refused"
        );
        held.SetResult();
        var answers = await Task.WhenAll(clients.Select(c => c.ReadResponseAsync()));

        Assert.InRange(answers.Count(a => a!.Status == 200), 1, 4);
        Array.ForEach(clients, c => c.Dispose());
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("queueTimeout: 100ms", 4)]
    [InlineData("maxPending: 1, queueTimeout: 20s", 3)]
    public async Task The_queue_for_connections_is_bounded_in_time_and_length(string pool, int requests)
    {
        var held = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await held.Task;
                await c.AnswerAsync("ok");
            }
        });
        await using var mesh = new Mesh(
            service: $"{{pool: {{maxConnections: 1, {pool}}}}}",
            names: n => n.Set("web", upstream.Address)
        );
        Wire[] clients = [.. await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => mesh.ConnectAsync()))];
        foreach (var client in clients)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        }

        var refused = pool.StartsWith("queue", StringComparison.Ordinal) ? requests - 1 : requests - 2;
        await Eventually.HoldsAsync(
            () => mesh.Count("weft_errors_total", ("reason", "overloaded")) == refused,
            "refused"
        );
        held.SetResult();
        var answers = await Task.WhenAll(clients.Select(c => c.ReadResponseAsync()));

        Assert.Equal(refused, answers.Count(a => (a!.Status, a.Error) == (503, "overloaded")));
        Assert.Equal(requests - refused, answers.Count(a => a!.Status == 200));
        Array.ForEach(clients, c => c.Dispose());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task The_rate_of_an_inbound_listener_is_that_of_its_service()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            $"service: web\nto: {upstream.Address}",
            service: "{rateLimit: {requests: 1, per: 60s}}",
            kind: "inbound"
        );

        Assert.Equal(200, (await mesh.AskAsync()).Status);
        Assert.Equal(429, (await mesh.AskAsync()).Status);
    }
}
