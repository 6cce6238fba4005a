namespace Weft.Proxy.Tests.Tunnels;

/// <summary>CONNECT: a tunnel by name.</summary>
public class ConnectTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nhost: web\r\n\r\n";

    [Theory]
    [InlineData("web:80", "web")]
    [InlineData("WEB.:0080", "web")]
    [InlineData("web:5432", "web:5432")]
    public async Task It_leads_to_an_endpoint_of_the_name_that_a_Host_field_would_have(string authority, string name)
    {
        using var upstream = new Upstream(c => WebSocketUpstream.EchoAsync(c.Wire));
        await using var mesh = new Mesh(names: n => n.Set(name, upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync($"CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n\r\n{Smuggled}");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(Smuggled, await client.ReadAsync(Smuggled.Length));
        client.EndSending();
        Assert.True(await client.EndsAsync());

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "200"), ("result", "success")));
        Assert.Equal(Smuggled.Length, mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "out")));
        Assert.Equal(Smuggled.Length, mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "in")));
    }

    [Fact]
    public async Task The_other_end_may_speak_first_and_end_first()
    {
        var heard = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            await c.Wire.SendAsync("220 ready\r\n");
            c.Wire.EndSending();
            heard.SetResult(await c.Wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(names: n => n.Set("mail:25", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("CONNECT mail:25 HTTP/1.1\r\nhost: mail:25\r\n\r\n");
        var head = await client.ReadHeadAsync();
        Assert.DoesNotContain("content-length", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("transfer-encoding", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("220 ready\r\n", await client.ReadToEndAsync());
        await client.SendAsync("QUIT\r\n");
        client.EndSending();

        Assert.Equal("QUIT\r\n", await heard.Task.WithinLimit());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Megabytes_pass_unchanged()
    {
        using var upstream = new Upstream(async c =>
        {
            var text = await c.Wire.ReadToEndAsync();
            await c.Wire.SendAsync(text);
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        var sent = string.Create(
            4 * 1024 * 1024,
            5,
            (span, seed) =>
            {
                var random = new Random(seed);
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = (char)random.Next(256);
                }
            }
        );

        await client.SendAsync("CONNECT web:80 HTTP/1.1\r\nhost: web\r\n\r\n");
        await client.ReadHeadAsync();
        await client.SendAsync(sent);
        client.EndSending();

        Assert.Equal(sent, await client.ReadToEndAsync());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task No_pooled_connection_is_used_and_none_is_left()
    {
        using var upstream = new Upstream(async c =>
        {
            if (await c.ReadAsync() is not null)
            {
                await c.AnswerAsync("ok");
                await c.Wire.ReadToEndAsync();
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("CONNECT web:80 HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.NotEqual("", await client.ReadHeadAsync());
        Assert.Equal(2, mesh.Count("weft_connections_open", ("peer", "upstream")));
        client.EndSending();
        Assert.True(await client.EndsAsync());

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_connections_open", ("peer", "upstream")));
    }

    [Fact]
    public async Task An_endpoint_that_does_not_take_the_connection_leaves_it_to_another()
    {
        using var upstream = new Upstream(c => WebSocketUpstream.EchoAsync(c.Wire));
        var dead = new Upstream(_ => Task.CompletedTask);
        dead.Kill();
        await using var mesh = new Mesh(
            service: "{balancer: {kind: roundRobin}}",
            names: n => n.Set("web", dead.Address, upstream.Address)
        );
        for (var i = 0; i < 4; i++)
        {
            using var client = await mesh.ConnectAsync();
            await client.SendAsync("CONNECT web:80 HTTP/1.1\r\nhost: web\r\n\r\nx");
            Assert.StartsWith("HTTP/1.1 200 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
            Assert.Equal("x", await client.ReadAsync(1));
        }

        Assert.InRange(mesh.Count("weft_attempts_total", ("status", "502")), 1, 4);
    }

    [Fact]
    public async Task A24_where_no_connection_can_be_made_the_answer_says_so_and_what_came_behind_is_no_request()
    {
        var dead = new Upstream(_ => Task.CompletedTask);
        dead.Kill();
        using var web = Upstream.Answering();
        await using var mesh = new Mesh(names: n =>
        {
            n.Set("db:1", dead.Address);
            n.Set("web", web.Address);
        });
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("CONNECT db:1 HTTP/1.1\r\nhost: db:1\r\n\r\n" + Smuggled);
        var answer = (await client.ReadResponseAsync())!;

        Assert.Equal((502, "connect-failed", "close"), (answer.Status, answer.Error, answer["connection"]));
        Assert.True(await client.EndsAsync());
        Assert.Empty(web.Requests);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_inbound_listener_refuses_it()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh($"service: web\nto: {upstream.Address}", kind: "inbound");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("CONNECT web:80 HTTP/1.1\r\nhost: web\r\n\r\n" + Smuggled);
        var answer = (await client.ReadResponseAsync())!;

        Assert.Equal((400, "bad-request", "close"), (answer.Status, answer.Error, answer["connection"]));
        Assert.True(await client.EndsAsync());
        Assert.Equal(0, upstream.Accepted);
    }
}
