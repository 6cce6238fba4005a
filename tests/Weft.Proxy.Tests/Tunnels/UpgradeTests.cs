namespace Weft.Proxy.Tests.Tunnels;

/// <summary>WebSocket and other upgrades through the proxy: what passes, how it ends, and that nothing in it is taken for a request.</summary>
public class UpgradeTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nhost: web\r\n\r\n";

    [Fact]
    public async Task Bytes_pass_both_ways_and_count_under_the_heads_status()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        await client.SendAsync("hello");
        Assert.Equal("hello", await client.ReadAsync(5));
        await client.SendAsync(Smuggled);
        Assert.Equal(Smuggled, await client.ReadAsync(Smuggled.Length));
        Assert.Equal(1, mesh.Count("weft_requests_in_flight"));
        client.EndSending();
        Assert.True(await client.EndsAsync());

        await mesh.IsAtRestAsync();
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(
            ("upgrade", "websocket", "13"),
            (seen["connection"], seen["upgrade"], seen["sec-websocket-version"])
        );
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "success")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "101"), ("result", "success")));
        foreach (var peer in (string[])["downstream", "upstream"])
        {
            foreach (var dir in (string[])["in", "out"])
            {
                Assert.InRange(
                    mesh.Count("weft_bytes_total", ("peer", peer), ("dir", dir)),
                    5 + Smuggled.Length + 100,
                    5 + Smuggled.Length + 1000
                );
            }
        }
    }

    [Fact]
    public async Task A_tunnel_in_which_nothing_moves_holds_no_buffer()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        await HoldsNone();
        await client.SendAsync("hello");
        Assert.Equal("hello", await client.ReadAsync(5));
        await HoldsNone();

        client.EndSending();
        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();

        Task HoldsNone() =>
            Eventually.HoldsAsync(
                async () => await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent) == 0,
                "every buffer was given back"
            );
    }

    [Fact]
    public async Task The_endpoint_may_end_its_side_first()
    {
        var heard = new TaskCompletionSource<string>();
        using var upstream = WebSocketUpstream.Switching(async wire =>
        {
            await wire.SendAsync("bye");
            wire.EndSending();
            heard.SetResult(await wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        Assert.Equal("bye", await client.ReadToEndAsync());
        await client.SendAsync("still ");
        await client.SendAsync("here");
        client.EndSending();

        Assert.Equal("still here", await heard.Task.WithinLimit());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "success")));
    }

    [Fact]
    public async Task A_client_that_breaks_off_ends_the_endpoints_side_and_is_no_failure()
    {
        var heard = new TaskCompletionSource<string>();
        using var upstream = WebSocketUpstream.Switching(async wire => heard.SetResult(await wire.ReadToEndAsync()));
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        client.Reset();

        Assert.Equal("", await heard.Task.WithinLimit());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "success")));
    }

    [Fact]
    public async Task An_endpoint_that_breaks_off_ends_the_clients_side_and_has_failed()
    {
        using var upstream = WebSocketUpstream.Switching(async wire =>
        {
            await wire.ReadAsync(1);
            wire.Reset();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        await client.SendAsync("x");

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "failure")));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(200)]
    public async Task A24_what_comes_behind_a_refused_upgrade_is_nobodys_request(int status)
    {
        var go = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is { } seen)
            {
                await (seen.Line.Contains("/chat", StringComparison.Ordinal) ? go.Task : Task.CompletedTask);
                await c.AnswerAsync("no", status);
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(status, (await mesh.AskAsync()).Status); // Leaves a connection in the pool.
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(WebSocketUpstream.Ask + Smuggled);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 2, "the upgrade");
        await client.SendAsync(Smuggled);
        go.SetResult();

        var answer = (await client.ReadResponseAsync())!;
        Assert.Equal((status, "close", "no"), (answer.Status, answer["connection"], answer.Body));
        Assert.True(await client.EndsAsync());
        Assert.Equal(status, (await mesh.AskAsync(path: "/after")).Status);
        Assert.Equal(
            ["GET / HTTP/1.1", "GET /chat HTTP/1.1", "GET /after HTTP/1.1"],
            upstream.Requests.Select(r => r.Line)
        );
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A24_what_comes_before_the_switch_is_the_tunnels()
    {
        var go = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            var seen = (await c.ReadAsync())!;
            await go.Task;
            await WebSocketUpstream.AgreeAsync(c, seen);
            await WebSocketUpstream.EchoAsync(c.Wire);
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(WebSocketUpstream.Ask + Smuggled);
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the upgrade");
        go.SetResult();

        Assert.Equal(101, (await client.ReadResponseAsync())!.Status);
        Assert.Equal(Smuggled, await client.ReadAsync(Smuggled.Length));
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n")]
    [InlineData("connection: upgrade\r\nupgrade: websocket, x\r\n")]
    public async Task An_upgrade_that_is_refused_here_is_served_as_if_it_had_not_been_asked_for(string fields)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var answer = await mesh.AskAsync(fields: fields);

        Assert.Equal((200, "close"), (answer.Status, answer["connection"]));
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal((null, null, null), (seen["connection"], seen["upgrade"], seen["http2-settings"]));
    }

    [Fact]
    public async Task A_stale_connection_is_no_reason_to_fail()
    {
        var first = true;
        using var upstream = new Upstream(async c =>
        {
            var seen = (await c.ReadAsync())!;
            if (first)
            {
                first = false;
                await c.AnswerAsync("ok");
                await c.ReadAsync(); // The next request is not answered: the connection was closing.
                return;
            }

            await WebSocketUpstream.AgreeAsync(c, seen);
            await WebSocketUpstream.EchoAsync(c.Wire);
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);

        using var client = await WebSocketUpstream.OpenAsync(mesh);

        await client.SendAsync("x");
        Assert.Equal("x", await client.ReadAsync(1));
        Assert.Equal(2, upstream.Accepted);
    }

    [Fact]
    public async Task The_requests_times_end_with_the_switch()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        using var silent = new Upstream(async c => await c.Wire.ReadToEndAsync());
        await using var mesh = new Mesh(
            service: "{timeouts: {request: 300ms, attempt: 300ms}}",
            names: n =>
            {
                n.Set("web", upstream.Address);
                n.Set("silent", silent.Address);
            }
        );
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        Assert.Equal(504, (await mesh.AskAsync("silent")).Status); // Later than the tunnel would have.
        await client.SendAsync("x");
        Assert.Equal("x", await client.ReadAsync(1));
    }

    [Fact]
    public async Task A_tunnel_in_which_nothing_moves_ends_with_the_idle_time()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        await using var mesh = new Mesh(
            service: "{timeouts: {idle: 80ms}}",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "success")));
    }

    [Fact]
    public async Task A_drain_leaves_tunnels_open_until_its_limit()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        var draining = mesh.Server.DrainAsync(TimeSpan.FromMilliseconds(500));
        await client.SendAsync("x");
        Assert.Equal("x", await client.ReadAsync(1));
        Assert.True(await client.EndsAsync());
        await draining.WithinLimit();
        await mesh.IsAtRestAsync();
    }
}
