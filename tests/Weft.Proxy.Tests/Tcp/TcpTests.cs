using Weft.Naming;

namespace Weft.Proxy.Tests;

/// <summary>Connections whose bytes are passed on as they are.</summary>
public class TcpTests
{
    private const string Tcp = "protocol: tcp\nservice: db";

    [Theory]
    [InlineData(Tcp)]
    [InlineData("protocol: auto\nservice: db")]
    public async Task Bytes_go_to_the_service_and_back_and_ends_are_passed_on(string listener)
    {
        using var upstream = new Upstream(async c =>
        {
            await c.Wire.SendAsync("got:" + await c.Wire.ReadToEndAsync());
        });
        await using var mesh = new Mesh(listener, names: n => n.Set("db", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("*1\r\n");
        await client.SendAsync("$4\r\nPING\r\n");
        client.EndSending();

        Assert.Equal("got:*1\r\n$4\r\nPING\r\n", await client.ReadToEndAsync());
        await mesh.IsAtRestAsync();
        (string, string) tcp = ("protocol", "tcp");
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "downstream"), tcp));
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "upstream"), tcp));
        Assert.Equal(14, mesh.Count("weft_bytes_total", ("peer", "downstream"), ("dir", "in"), tcp));
        Assert.Equal(18, mesh.Count("weft_bytes_total", ("peer", "downstream"), ("dir", "out"), tcp));
        Assert.Equal(14, mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "out"), tcp));
        Assert.Equal(18, mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "in"), tcp));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "0"), ("result", "success")));
        Assert.Equal(0, mesh.Count("weft_requests_total"));
        Assert.Equal(0, mesh.Count("weft_errors_total"));
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
    }

    [Theory]
    [InlineData(Tcp)]
    [InlineData("protocol: auto\nservice: db\ntimeouts: {detect: 20ms}")]
    public async Task A_server_may_speak_first(string listener)
    {
        using var upstream = new Upstream(async c =>
        {
            await c.Wire.SendAsync("220 ready\r\n");
            await c.Wire.SendAsync(await c.Wire.ReadAsync(6));
        });
        await using var mesh = new Mesh(listener, names: n => n.Set("db", upstream.Address));
        using var client = await mesh.ConnectAsync();

        Assert.Equal("220 ready\r\n", await client.ReadAsync(11));
        await client.SendAsync("QUIT\r\n");

        Assert.Equal("QUIT\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task From_outside_a_silent_client_does_not_get_around_detection()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            $"service: web\nto: {upstream.Address}\ntimeouts: {{detect: 1ms, idle: 200ms}}",
            kind: "inbound"
        );
        using var client = await mesh.ConnectAsync();

        Assert.True(await client.EndsAsync());
        Assert.Equal(0, upstream.Accepted);
    }

    [Fact]
    public async Task An_inbound_listener_hands_opaque_bytes_and_tls_to_the_application()
    {
        using var upstream = new Upstream(async c => await c.Wire.SendAsync(await c.Wire.ReadToEndAsync()));
        await using var mesh = new Mesh($"service: web\nto: {upstream.Address}", kind: "inbound");
        foreach (var text in (string[])["\0\u0001", Text(Hellos.Of("elsewhere"))])
        {
            using var client = await mesh.ConnectAsync();
            await client.SendAsync(text);
            client.EndSending();
            Assert.Equal(text, await client.ReadToEndAsync());
        }

        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task What_calls_itself_http_is_never_passed_on_as_bytes()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh($"service: web\nto: {upstream.Address}", kind: "inbound");
        foreach (var line in (string[])["GET /admin\r\n\r\n", "X  /a HTTP/1.1\r\n\r\n", "\n\n\nX /a http/1.1\n\n"])
        {
            using var client = await mesh.ConnectAsync();
            await client.SendAsync(line);
            Assert.Equal(400, (await client.ReadResponseAsync())!.Status);
        }

        Assert.Equal(0, upstream.Accepted);
    }

    [Theory]
    [InlineData("books", "web")]
    [InlineData("Books.", "web")]
    [InlineData("books.example", "other")]
    [InlineData(null, "db")]
    [InlineData("no host", "db")]
    [InlineData("books:443", "db")]
    public async Task Tls_goes_to_the_host_that_it_asks_for(string? host, string expected)
    {
        using var web = Named("web");
        using var other = Named("other");
        using var db = Named("db");
        await using var mesh = new Mesh(
            "protocol: auto\nservice: db",
            names: n =>
            {
                n.Set("books", web.Address);
                n.Set("books.example", other.Address);
                n.Set("db", db.Address);
            }
        );
        var hello = Text(Hellos.Of(host, ["h2"]));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(hello[..30]);
        await client.SendAsync(hello[30..]);
        client.EndSending();

        Assert.Equal(expected + hello, await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Tls_without_a_host_is_refused_where_there_is_no_service_for_it()
    {
        await using var mesh = new Mesh();
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Text(Hellos.Of(null)));

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "not-identified")));
    }

    [Fact]
    public async Task Requests_on_a_listener_with_a_service_go_by_their_own_name()
    {
        using var web = Upstream.Answering("web");
        using var db = Named("db");
        await using var mesh = new Mesh(
            "protocol: auto\nservice: db",
            names: n =>
            {
                n.Set("web", web.Address);
                n.Set("db", db.Address);
            }
        );

        Assert.Equal("web", (await mesh.AskAsync()).Body);
        Assert.Equal(503, (await mesh.AskAsync("nobody")).Status);
        Assert.Equal(0, db.Accepted);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_is_passed_over_for_one_that_does_not()
    {
        using var upstream = Named("db");
        var nobody = FilesProxy.FreeAddress();
        await using var mesh = new Mesh(
            Tcp,
            names: n => n.Set("db", nobody, upstream.Address),
            service: "{balancer: {kind: roundRobin}}"
        );
        for (var i = 0; i < 4; i++)
        {
            using var client = await mesh.ConnectAsync();
            client.EndSending();
            Assert.Equal("db", await client.ReadToEndAsync());
        }

        await mesh.IsAtRestAsync();
        Assert.Equal(4, mesh.Count("weft_attempts_total", ("result", "success")));
        Assert.InRange(mesh.Count("weft_attempts_total", ("result", "failure"), ("status", "502")), 1, 2);
        Assert.Equal(0, mesh.Count("weft_errors_total"));
    }

    [Fact]
    public async Task When_nobody_takes_it_the_client_is_told_by_a_reset()
    {
        var nobody = FilesProxy.FreeAddress();
        await using var mesh = new Mesh(Tcp, names: n => n.Set("db", nobody));

        await mesh.RefusesAsync();

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "connect-failed"), ("service", "db")));
        Assert.Contains(
            "connecting to",
            (await mesh.OnLoopAsync(() => mesh.Loop.Failures.Latest()))[0].Error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_ends_the_connection()
    {
        await using var mesh = new Mesh(Tcp);

        await mesh.RefusesAsync();

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "no-binding")));
    }

    [Fact]
    public async Task A_name_that_is_not_resolved_yet_is_waited_for()
    {
        using var upstream = Named("db");
        await using var mesh = new Mesh(Tcp, names: n => n.SetState("db", NameState.Pending.Instance));
        using var client = await mesh.ConnectAsync();
        await client.SendAsync("x");
        client.EndSending();
        await Eventually.HoldsAsync(() => mesh.OnLoopAsync(() => mesh.Loop.Waiters.Count == 1), "a waiter");

        mesh.Names.Set("db", upstream.Address);
        await mesh.PublishAsync();

        Assert.Equal("dbx", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task No_more_connections_are_opened_than_the_service_allows()
    {
        using var upstream = new Upstream(async c => await c.Wire.ReadToEndAsync());
        await using var mesh = new Mesh(
            Tcp,
            service: "{pool: {maxConnections: 1}}",
            names: n => n.Set("db", upstream.Address)
        );
        using var first = await mesh.ConnectAsync();
        await Eventually.HoldsAsync(() => upstream.Accepted == 1, "a connection");

        await mesh.RefusesAsync();

        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "overloaded")));
    }

    [Fact]
    public async Task A_connection_in_which_nothing_moves_is_ended_after_its_idle_time()
    {
        using var upstream = new Upstream(async c => await c.Wire.ReadToEndAsync());
        await using var mesh = new Mesh(
            Tcp,
            service: "{timeouts: {tcpIdle: 50ms}}",
            names: n => n.Set("db", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_reset_is_passed_on_and_held_against_an_endpoint_that_has_said_nothing()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.Wire.ReadAsync(1);
            c.Wire.Reset();
        });
        await using var mesh = new Mesh(Tcp, names: n => n.Set("db", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("x");

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_drain_lets_it_go_on_until_the_limit_and_takes_no_new_one()
    {
        using var upstream = new Upstream(async c =>
        {
            while (await c.Wire.ReadAsync(1) is { Length: 1 } one)
            {
                await c.Wire.SendAsync(one);
            }
        });
        await using var mesh = new Mesh(Tcp, names: n => n.Set("db", upstream.Address));
        using var going = await mesh.ConnectAsync();
        using var staying = await mesh.ConnectAsync();
        foreach (var client in (Wire[])[going, staying])
        {
            await client.SendAsync("a");
            Assert.Equal("a", await client.ReadAsync(1));
        }

        var draining = mesh.Server.DrainAsync(TimeSpan.FromSeconds(1));
        await going.SendAsync("b");
        Assert.Equal("b", await going.ReadAsync(1));
        going.EndSending();
        Assert.True(await going.EndsAsync());
        Assert.True(await staying.EndsAsync());
        await draining.WithinLimit();
        await mesh.IsAtRestAsync();
    }

    private static Upstream Named(string name) =>
        new(async c =>
        {
            await c.Wire.SendAsync(name + await c.Wire.ReadToEndAsync());
        });

    private static string Text(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
