namespace Weft.Proxy.Tests;

/// <summary>The one retry that is always safe: on a reused connection that closed without a byte of an answer.</summary>
public class StaleConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nhost: web\r\n\r\n")]
    [InlineData("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody")]
    [InlineData("DELETE / HTTP/1.1\r\nhost: web\r\n\r\n")]
    public async Task An_idempotent_request_is_sent_again_on_a_fresh_connection(string request)
    {
        using var upstream = OncePerConnection();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await client.SendAsync(request);

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        var attempts = upstream.Requests.ToArray()[1..];
        Assert.Equal(["1", "2"], attempts.Select(a => a["weft-attempt"]));
        Assert.Equal(attempts[0].Body, attempts[1].Body);
        Assert.Equal(2, upstream.Accepted);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(2, mesh.Count("weft_requests_total"));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "retry"), ("result", "success")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "first"), ("result", "failure")));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody")]
    [InlineData("PATCH / HTTP/1.1\r\nhost: web\r\ncontent-length: 0\r\n\r\n")]
    [InlineData("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 8\r\n\r\nhalf")]
    public async Task Any_other_request_is_not(string request)
    {
        using var upstream = OncePerConnection(withBody: false);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await client.SendAsync(request);
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((502, "upstream-reset"), (response.Status, response.Error));
        Assert.Equal(2, upstream.Requests.Count);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task It_is_sent_once_more_and_not_oftener()
    {
        var count = 0;
        using var upstream = new Upstream(async c =>
        {
            if (Interlocked.Increment(ref count) == 1)
            {
                await c.ReadAsync();
                await c.AnswerAsync("first");
            }

            await c.ReadAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await client.SendAsync(Get);

        Assert.Equal("upstream-reset", (await client.ReadResponseAsync())!.Error);
        Assert.Equal(3, upstream.Requests.Count);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_fresh_connection_that_closes_is_no_stale_one()
    {
        using var upstream = new Upstream(c => c.ReadAsync());
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        Assert.Equal("upstream-reset", (await mesh.AskAsync()).Error);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("H")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-le")]
    public async Task After_a_byte_of_an_answer_nothing_is_sent_again(string answer)
    {
        var count = 0;
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                if (Interlocked.Increment(ref count) > 1)
                {
                    await c.Wire.SendAsync(answer);
                    return;
                }

                await c.AnswerAsync("first");
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await client.SendAsync(Get);

        Assert.Equal("upstream-reset", (await client.ReadResponseAsync())!.Error);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_killed_endpoint_among_three_costs_nothing()
    {
        Upstream[] upstreams = [Upstream.Answering(), Upstream.Answering(), Upstream.Answering()];
        await using var mesh = new Mesh(
            service: "{balancer: {kind: roundRobin}}",
            names: n => n.Set("web", [.. upstreams.Select(u => u.Address)])
        );
        using var client = await mesh.ConnectAsync();

        for (var i = 0; i < 60; i++)
        {
            if (i == 20)
            {
                upstreams[1].Kill();
            }

            await client.SendAsync(Get);
            Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        }

        Assert.All(upstreams, u => Assert.NotEmpty(u.Requests));
        client.Dispose();
        await mesh.IsAtRestAsync();
        Array.ForEach(upstreams, u => u.Dispose());
    }

    /// <summary>Answers the first request of a connection and closes it on the second.</summary>
    private static Upstream OncePerConnection(bool withBody = true) =>
        new(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync("once");
            await c.ReadAsync(withBody);
        });
}
