using System.Globalization;

namespace Weft.Proxy.Tests;

/// <summary>The times that bound a request, and that none of them outlives it.</summary>
public class TimeLimitTests
{
    [Theory]
    [InlineData("{}", "weft-timeout: 80ms\r\n", "deadline")]
    [InlineData("{timeouts: {request: 80ms}}", "", "deadline")]
    [InlineData("{timeouts: {request: 80ms, attempt: 5s}}", "weft-timeout: 5s\r\n", "deadline")]
    [InlineData("{timeouts: {attempt: 80ms}}", "", "attempt-timeout")]
    [InlineData("{timeouts: {idle: 80ms}}", "", "attempt-timeout")]
    public async Task An_endpoint_that_does_not_answer_costs_no_more_than_the_time_given(
        string service,
        string fields,
        string reason
    )
    {
        using var upstream = Silent();
        await using var mesh = new Mesh(service: service, names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync(fields: fields);

        Assert.Equal((504, reason), (response.Status, response.Error));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task The_next_hop_is_told_what_is_left()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{timeouts: {request: 2s}}",
            names: n => n.Set("web", upstream.Address)
        );

        await mesh.AskAsync(fields: "weft-timeout: 1m\r\n");
        await mesh.AskAsync(fields: "weft-timeout: 700ms\r\nweft-timeout: 1m\r\n");
        await mesh.AskAsync();

        Assert.Collection(
            upstream.Requests.Select(Left),
            left => Assert.InRange(left, 701, 2000),
            left => Assert.InRange(left, 1, 700),
            left => Assert.InRange(left, 701, 2000)
        );
    }

    [Fact]
    public async Task A_time_that_is_over_already_is_not_sent_on()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync(fields: "weft-timeout: 0ms\r\n");

        Assert.Equal((504, "deadline"), (response.Status, response.Error));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_time_that_cannot_be_read_is_the_callers_error()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync(fields: "weft-timeout: soon\r\n");

        Assert.Equal((400, "bad-request"), (response.Status, response.Error));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_time_limit_ends_with_its_request()
    {
        var late = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync("quick");
            await c.ReadAsync();
            await late.Task;
            await c.AnswerAsync("slow");
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address), time: new VirtualTime());
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\nweft-timeout: 1s\r\n\r\n");
        Assert.Equal("quick", (await client.ReadResponseAsync())!.Body);
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 2, "the second request");
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(1.5));
        late.SetResult();

        Assert.Equal("slow", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task The_time_of_an_attempt_ends_with_the_head_of_its_response()
    {
        var late = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
            await late.Task;
            await c.Wire.SendAsync("late");
        });
        await using var mesh = new Mesh(
            service: "{timeouts: {attempt: 800ms}}",
            names: n => n.Set("web", upstream.Address),
            time: new VirtualTime()
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        await mesh.AdvanceAsync(TimeSpan.FromSeconds(1.2));
        late.SetResult();

        Assert.Equal("late", await client.ReadAsync(4));
    }

    [Fact]
    public async Task Bytes_that_move_keep_a_slow_response_alive()
    {
        using var drip = new SemaphoreSlim(0);
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n");
            for (var i = 0; i < 8; i++)
            {
                await drip.WaitAsync(TestContext.Current.CancellationToken);
                await c.Wire.SendAsync("x");
            }
        });
        await using var mesh = new Mesh(
            service: "{timeouts: {idle: 1s}}",
            names: n => n.Set("web", upstream.Address),
            time: new VirtualTime()
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 8; i++)
        {
            await mesh.AdvanceAsync(TimeSpan.FromMilliseconds(200));
            drip.Release();
            Assert.Equal("x", await client.ReadAsync(1));
        }
    }

    [Fact]
    public async Task A_response_that_stops_is_broken_off_so_that_the_client_notices()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
            await c.Wire.ReadToEndAsync();
        });
        await using var mesh = new Mesh(
            service: "{timeouts: {idle: 100ms}}",
            names: n => n.Set("web", upstream.Address)
        );

        var response = await mesh.AskAsync();

        Assert.False(response.IsComplete);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("result", "failure")));
    }

    [Fact]
    public async Task A_body_that_stops_coming_is_the_clients_fault()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{timeouts: {idle: 100ms}}",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 10\r\n\r\nhalf");
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((408, "client-timeout"), (response.Status, response.Error));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_request_that_ran_out_of_time_leaves_nothing_to_the_next_one_on_its_connection()
    {
        var count = 0;
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                if (Interlocked.Increment(ref count) == 1)
                {
                    await c.Wire.ReadToEndAsync();
                }
                else if (count == 2)
                {
                    return;
                }

                await c.AnswerAsync("third");
            }
        });
        await using var mesh = new Mesh(
            service: "{timeouts: {attempt: 800ms}}",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();
        const string post = "POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 2\r\n\r\nab";

        await client.SendAsync(post);
        Assert.Equal("attempt-timeout", (await client.ReadResponseAsync())!.Error);
        await client.SendAsync(post);
        Assert.Equal("upstream-reset", (await client.ReadResponseAsync())!.Error);
        await client.SendAsync(post);
        Assert.Equal("third", (await client.ReadResponseAsync())!.Body);
    }

    [Fact]
    public async Task A_client_that_stops_reading_says_nothing_of_the_endpoint()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n");
            var piece = new string('x', 100_000);
            while (true)
            {
                await c.Wire.SendAsync(piece);
            }
        });
        await using var mesh = new Mesh(
            service: "{timeouts: {idle: 150ms}}",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");

        await Eventually.HoldsAsync(
            () => mesh.Count("weft_attempts_total", ("status", "499"), ("result", "success")) == 1,
            "an attempt that the client gave up"
        );
        await mesh.IsAtRestAsync();
    }

    private static Upstream Silent() =>
        new(async c =>
        {
            await c.ReadAsync();
            await c.Wire.ReadToEndAsync();
        });

    private static int Left(Seen request)
    {
        var text = request["weft-timeout"]!;
        Assert.EndsWith("ms", text, StringComparison.Ordinal);
        return int.Parse(text.AsSpan(0, text.Length - 2), CultureInfo.InvariantCulture);
    }
}
