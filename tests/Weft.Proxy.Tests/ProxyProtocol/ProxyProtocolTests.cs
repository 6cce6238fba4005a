namespace Weft.Proxy.Tests;

/// <summary>Connections that are made on behalf of others.</summary>
public class ProxyProtocolTests
{
    private const string Listed = "proxyProtocol: [127.0.0.0/8]";
    private const string Header = "PROXY TCP4 192.0.2.7 192.0.2.2 56324 443\r\n";
    private const string Get = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";

    public static TheoryData<string, string> Headers =>
        new()
        {
            { Header, "192.0.2.7" },
            { ProxyHeaderTests.V2(0x21, 0x11, [192, 0, 2, 7, 192, 0, 2, 2, 9, 9, 1, 187]), "192.0.2.7" },
            { "PROXY UNKNOWN\r\n", "127.0.0.1" },
            { ProxyHeaderTests.V2(0x20, 0, []), "127.0.0.1" },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_listed_peer_says_whose_requests_they_are(string header, string expected)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(Listed, names: n => n.Set("web", upstream.Address));
        using var together = await mesh.ConnectAsync();
        await together.SendAsync(header + Get);
        Assert.Equal(200, (await together.ReadResponseAsync())!.Status);
        using var apart = await mesh.ConnectAsync();
        foreach (var one in header)
        {
            await apart.SendAsync(one.ToString());
        }

        await apart.SendAsync(Get);
        Assert.Equal(200, (await apart.ReadResponseAsync())!.Status);

        Assert.All(upstream.Requests, r => Assert.Equal(expected, r["x-forwarded-for"]));
    }

    [Fact]
    public async Task The_clients_address_decides_whom_to_trust()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(Listed + "\ntrust: [192.0.2.0/24]", names: n => n.Set("web", upstream.Address));
        foreach (var client in (string[])["192.0.2.7", "198.51.100.1"])
        {
            using var wire = await mesh.ConnectAsync();
            await wire.SendAsync($"PROXY TCP4 {client} 192.0.2.2 1 2\r\n");
            await wire.SendAsync("GET / HTTP/1.1\r\nhost: web\r\nx-forwarded-for: 10.9.9.9\r\n\r\n");
            Assert.Equal(200, (await wire.ReadResponseAsync())!.Status);
        }

        Assert.Equal(["10.9.9.9", "198.51.100.1"], upstream.Requests.Select(r => r["x-forwarded-for"]));
    }

    [Theory]
    [InlineData("protocol: http1")]
    [InlineData("protocol: http")]
    [InlineData("protocol: auto")]
    public async Task From_others_the_header_is_no_header(string protocol)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            protocol + "\nproxyProtocol: [192.0.2.0/24]",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Header + Get);

        Assert.Equal(400, (await client.ReadResponseAsync())!.Status);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData(Get)]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n")]
    public async Task A_listed_peer_without_a_valid_header_is_closed_and_counted(string text)
    {
        await using var mesh = new Mesh(Listed);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(text);

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "bad-request")));
    }

    [Fact]
    public async Task After_the_header_a_client_may_be_silent_as_long_as_any_other_and_no_buffer_is_held()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            Listed + "\ntimeouts: {detect: 1s}",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();
        using var late = await mesh.ConnectAsync(); // Ends after the time that the first one has used up as well.
        await client.SendAsync(Header);

        Assert.True(await late.EndsAsync());
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
        await client.SendAsync(Get);

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
    }

    [Fact]
    public async Task A_header_that_does_not_come_in_time_ends_the_connection()
    {
        await using var mesh = new Mesh(Listed + "\ntimeouts: {detect: 500ms}");
        using var client = await mesh.ConnectAsync();
        await client.SendAsync("PROXY TCP4 ");

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "client-timeout")));
    }

    [Theory]
    [InlineData("v1", "PROXY TCP4 192.0.2.7 192.0.2.2 56324 443\r\nhello")]
    [InlineData(
        "v2",
        "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c\u00c0\0\u0002\u0007\u00c0\0\u0002\u0002\u00dc\u0004\u0001\u00bbhello"
    )]
    public async Task A_service_that_asks_for_it_is_told_on_whose_behalf(string version, string expected)
    {
        using var upstream = new Upstream(async c => await c.Wire.SendAsync(await c.Wire.ReadToEndAsync()));
        await using var mesh = new Mesh(
            $"protocol: tcp\nservice: db\n{Listed}",
            service: $"{{proxyProtocol: {version}}}",
            names: n => n.Set("db", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Header + "hello");
        client.EndSending();

        Assert.Equal(expected, await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Connections_that_carry_requests_of_many_are_made_on_nobodys_behalf()
    {
        using var upstream = new Upstream(async c =>
        {
            Assert.Equal("PROXY UNKNOWN\r\n", await c.Wire.ReadAsync(15));
            await c.ReadAsync();
            await c.AnswerAsync("ok");
        });
        await using var mesh = new Mesh(service: "{proxyProtocol: v1}", names: n => n.Set("web", upstream.Address));

        Assert.Equal("ok", (await mesh.AskAsync()).Body);
    }
}
