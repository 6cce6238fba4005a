namespace Weft.Proxy.Tests;

/// <summary>What is sent on is HTTP/1.1, which must have one Host field (RFC 9112 section 3.2).</summary>
public class HostFieldTests
{
    [Fact]
    public async Task A_request_without_host_gets_that_of_its_endpoint()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh("identifier: path:1", names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET /web/x HTTP/1.0\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal("GET /web/x HTTP/1.1", seen.Line);
        Assert.Equal(upstream.Address.ToString(), seen["host"]);
    }

    [Fact]
    public async Task So_does_one_to_the_local_application()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh($"service: web\nto: {upstream.Address}", kind: "inbound");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.0\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        Assert.Equal(upstream.Address.ToString(), Assert.Single(upstream.Requests)["host"]);
    }

    [Theory]
    [InlineData("GET http://web/x HTTP/1.0\r\n\r\n")]
    [InlineData("GET http://web/x HTTP/1.1\r\nhost: other\r\n\r\n")]
    public async Task An_absolute_form_target_becomes_host_and_path(string request)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(request);

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal("GET /x HTTP/1.1", seen.Line);
        Assert.Equal("web", seen["host"]);
    }
}
