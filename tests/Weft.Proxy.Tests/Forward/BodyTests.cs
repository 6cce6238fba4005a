namespace Weft.Proxy.Tests;

/// <summary>Both bodies of an exchange move at once, and either may end first.</summary>
public class BodyTests
{
    [Fact]
    public async Task A_response_may_flow_while_the_request_still_does()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await c.Wire.SendAsync(await c.Wire.ReadAsync(10));
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 30\r\n\r\n");
        await client.ReadHeadAsync();
        foreach (var piece in (string[])["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"])
        {
            await client.SendAsync(piece);
            Assert.Equal(piece, await client.ReadAsync(10));
        }

        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_answer_before_the_end_of_the_upload_arrives_and_the_connection_stays_in_step()
    {
        using var upstream = new Upstream(async c =>
        {
            var seen = await c.ReadAsync(withBody: false);
            await c.AnswerAsync(seen!.Line.Contains("/next", StringComparison.Ordinal) ? "next" : "early");
            await c.Wire.ReadToEndAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 20\r\n\r\n0123456789");
        Assert.Equal("early", (await client.ReadResponseAsync())!.Body);
        await client.SendAsync("0123456789GET /next HTTP/1.1\r\nhost: web\r\n\r\n");

        Assert.Equal("next", (await client.ReadResponseAsync())!.Body);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_upload_that_goes_on_and_on_after_the_answer_is_ended()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await c.AnswerAsync("enough", 413);
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 1000000000\r\n\r\nbegun");
        Assert.Equal((413, "enough"), ((await client.ReadResponseAsync())!) is var r ? (r.Status, r.Body) : default);

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_answer_from_an_endpoint_that_will_not_read_more_gets_through_a_full_pipe()
    {
        var full = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await full.Task;
            await c.AnswerAsync("no more", 413, "connection: close\r\n");
            await c.Wire.ReadToEndAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        var pieces = 0L;
        var upload = UploadAsync();
        // The proxy's loop turns, and from one look to the next the client gets no piece rid.
        var before = 0L;
        await Eventually.HoldsAsync(
            async () =>
            {
                await mesh.OnLoopAsync(() => 0);
                var seen = before;
                before = Interlocked.Read(ref pieces);
                return before > 0 && before == seen;
            },
            "a full pipe"
        );
        full.SetResult();

        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((413, "no more"), (response.Status, response.Body));
        client.Dispose();
        await upload;
        await mesh.IsAtRestAsync();

        async Task UploadAsync()
        {
            await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 1000000000\r\n\r\n");
            var piece = new string('x', 100_000);
            try
            {
                while (true)
                {
                    await client.SendAsync(piece);
                    Interlocked.Increment(ref pieces);
                }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // The proxy does not read it any more.
            }
        }
    }

    [Theory]
    [InlineData("content-length: 100", "part of it")]
    [InlineData("transfer-encoding: chunked", "5\r\nabcde\r\n")]
    public async Task An_endpoint_never_takes_a_part_of_an_upload_for_the_whole(string framing, string part)
    {
        var ended = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            ended.SetResult(await c.Wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync($"POST / HTTP/1.1\r\nhost: web\r\n{framing}\r\n\r\n{part}");
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request's head");
        client.EndSending();

        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.WithinLimit(), StringComparison.Ordinal);
        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
    }

    [Fact]
    public async Task A_body_that_breaks_its_framing_is_the_clients_error()
    {
        var ended = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            ended.SetResult(await c.Wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request's head");
        await client.SendAsync("oops\r\n");
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((400, "bad-request"), (response.Status, response.Error));
        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.WithinLimit(), StringComparison.Ordinal);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Chunks_and_trailers_pass_both_ways()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await c.Wire.ReadAsync("2\r\nab\r\n0\r\nx-sum: 1\r\n\r\n".Length);
            await c.Wire.SendAsync(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-sum: 2\r\n\r\n"
            );
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(
            "POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx-sum: 1\r\n\r\n"
        );
        await client.ReadHeadAsync();

        Assert.Equal("3\r\nabc\r\n0\r\nx-sum: 2\r\n\r\n", await client.ReadAsync(23));
    }

    [Fact]
    public async Task A_client_that_waits_for_leave_to_send_gets_the_endpoints()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await c.Wire.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await c.AnswerAsync(await c.Wire.ReadAsync(4));
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await client.ReadResponseAsync())!.Status);
        await client.SendAsync("body");

        Assert.Equal("body", (await client.ReadResponseAsync())!.Body);
    }

    [Fact]
    public async Task A_response_that_breaks_off_breaks_off_for_the_client_too()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync();

        Assert.Equal((200, "half", false), (response.Status, response.Body, response.IsComplete));
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "200"), ("result", "failure")));
    }

    [Fact]
    public async Task A_client_that_goes_away_takes_its_request_along()
    {
        var ended = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            ended.SetResult(await c.Wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");
        client.Reset();

        await ended.Task.WithinLimit();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
    }
}
