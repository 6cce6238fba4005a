using System.Text.Json;

namespace Weft.Proxy.Tests;

/// <summary>What a client is told when the proxy answers itself.</summary>
public class ErrorTests
{
    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 400, "not-identified")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "bad-request")]
    [InlineData("GET / HTTP/1.1\r\nhost: a b\r\n\r\n", 400, "bad-request")]
    [InlineData("CONNECT nobody:80 HTTP/1.1\r\nhost: nobody:80\r\n\r\n", 503, "no-binding")]
    [InlineData("GET / HTTP/1.1\r\nhost: nobody\r\n\r\n", 503, "no-binding")]
    [InlineData("GET / HTTP/1.1\r\nhost: failing\r\n\r\n", 503, "no-binding")]
    [InlineData("GET / HTTP/1.1\r\nhost: broken\r\n\r\n", 503, "no-binding")]
    [InlineData("GET / HTTP/1.1\r\nhost: empty\r\n\r\n", 503, "no-endpoints")]
    [InlineData("GET / HTTP/1.1\r\nhost: none\r\n\r\n", 503, "no-endpoints")]
    [InlineData("GET / HTTP/1.1\r\nhost: web\r\nl5d-dtab: /a =>\r\n\r\n", 400, "bad-dtab")]
    [InlineData("GET / HTTP/3.0\r\nhost: web\r\n\r\n", 505, "bad-request")]
    public async Task Requests_that_go_nowhere_have_their_reason(string request, int status, string reason)
    {
        await using var mesh = new Mesh(names: n =>
        {
            n.SetState("failing", Naming.NameState.Fail);
            n.SetState("broken", new Naming.NameState.Failed("the source is down"));
            n.SetState("empty", Naming.NameState.Empty);
            n.Set("none");
        });
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(request);
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((status, reason), (response.Status, response.Error));
        Assert.StartsWith($"{reason}: ", response.Body, StringComparison.Ordinal);
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", reason), ("direction", "outbound")));
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", $"{status}")));
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", "upstream-protocol")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na", "upstream-protocol")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "upstream-protocol")]
    [InlineData("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "upstream-protocol")]
    [InlineData("", "upstream-reset")]
    public async Task An_endpoint_that_answers_nothing_that_can_be_read_is_a_bad_gateway(string answer, string reason)
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.Wire.SendAsync(answer);
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync();

        Assert.Equal((502, reason), (response.Status, response.Error));
        Assert.Contains(upstream.Address.ToString(), response.Body, StringComparison.Ordinal);
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "502"), ("result", "failure")));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task The_body_is_json_for_those_who_ask_for_it()
    {
        await using var mesh = new Mesh();

        var response = await mesh.AskAsync("nobody", fields: "accept: text/html, application/json\r\n");

        Assert.Equal("application/json", response["content-type"]);
        var body = JsonDocument.Parse(response.Body).RootElement;
        Assert.Equal("no-binding", body.GetProperty("error").GetString());
        Assert.Equal(503, body.GetProperty("status").GetInt32());
        Assert.Contains("/svc/nobody", body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_survives_an_error_that_is_not_its_own()
    {
        await using var mesh = new Mesh();
        using var client = await mesh.ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: nobody\r\n\r\n");
            Assert.Equal(503, (await client.ReadResponseAsync())!.Status);
        }
    }

    [Fact]
    public async Task A_request_without_a_body_is_answered_to_head_without_one_too()
    {
        await using var mesh = new Mesh();
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("HEAD / HTTP/1.1\r\nhost: nobody\r\n\r\nGET / HTTP/1.1\r\nhost: nobody\r\n\r\n");

        Assert.Equal(503, (await client.ReadResponseAsync(toHead: true))!.Status);
        Assert.Equal(503, (await client.ReadResponseAsync())!.Status);
    }

    [Fact]
    public async Task A_table_that_leads_back_to_the_proxy_is_a_loop_and_ends()
    {
        await using var mesh = new Mesh();
        await mesh.PublishAsync($"/svc => /$/inet/127.0.0.1/{mesh.Address.Port}");

        var response = await mesh.AskAsync();

        Assert.Equal((508, "loop"), (response.Status, response.Error));
        await Eventually.HoldsAsync(() => mesh.Count("weft_requests_in_flight") == 0, "no request in flight");
    }

    [Fact]
    public async Task A_head_of_any_size_that_can_be_allowed_reaches_the_next_hop()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.Wire.ReadAsync(180_000);
            await c.AnswerAsync("read");
        });
        await using var mesh = new Mesh(
            "limits: {headerBytes: 192KiB, headerCount: 1000}",
            names: n => n.Set("web", upstream.Address)
        );

        var large = await mesh.AskAsync(fields: $"x-large: {new string('x', 180_000)}\r\n");
        var tooLarge = await mesh.AskAsync(fields: $"x-large: {new string('x', 200_000)}\r\n");

        Assert.Equal("read", large.Body);
        Assert.Equal((431, "headers-too-large"), (tooLarge.Status, tooLarge.Error));
    }
}
