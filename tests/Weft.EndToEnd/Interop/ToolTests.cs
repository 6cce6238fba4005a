using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

public sealed class ToolTests(OneService service) : IClassFixture<OneService>
{
    private string Url => $"http://{service.Weft.Outbound}";

    [Fact]
    public async Task curl_gets_posts_and_asks_for_the_head()
    {
        Assert.Equal("books-1", await Tool.Run("curl", "-sS", "--fail", "-H", "Host: books", $"{Url}/"));
        Assert.Equal(
            "a body",
            await Tool.Run("curl", "-sS", "--fail", "-H", "Host: books", "-d", "a body", $"{Url}/echo")
        );
        var head = await Tool.Run("curl", "-sS", "--fail", "-I", "-H", "Host: books", $"{Url}/");
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task curl_waits_for_100_continue_and_gets_its_body_back()
    {
        var body = new string('x', 100_000);
        string[] arguments = ["-sS", "--fail", "-H", "Host: books", "-H", "Expect: 100-continue", "-d", body];
        Assert.Equal(body, await Tool.Run("curl", [.. arguments, "--expect100-timeout", "60", $"{Url}/echo"]));
    }

    [Fact]
    public async Task curl_sends_chunks_and_gets_its_body_back()
    {
        string[] arguments =
        [
            "-sS",
            "--fail",
            "-H",
            "Host: books",
            "-H",
            "Transfer-Encoding: chunked",
            "-d",
            "in chunks",
        ];
        Assert.Equal("in chunks", await Tool.Run("curl", [.. arguments, $"{Url}/echo"]));
    }

    [Fact]
    public async Task curl_speaks_http_1_0() =>
        Assert.Equal("books-1", await Tool.Run("curl", "-sS", "--fail", "--http1.0", "-H", "Host: books", $"{Url}/"));

    [Fact]
    public async Task curl_uses_it_as_a_forward_proxy() =>
        Assert.Equal("books-1", await Tool.Run("curl", "-sS", "--fail", "-x", Url, "http://books/"));

    [Fact]
    public async Task wrk_sees_no_error()
    {
        var output = await Tool.Run("wrk", "-t1", "-c32", "-d1s", "-H", "Host: books", $"{Url}/");
        Assert.Contains("requests in", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Socket errors", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task hey_sees_every_request_answered_200()
    {
        var output = await Tool.Run("hey", "-n", "2000", "-c", "20", "-host", "books", $"{Url}/");
        Assert.Contains("[200]\t2000 responses", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Error distribution", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task nginx_as_the_upstream_is_served_over_kept_connections()
    {
        using var mesh = new TempMesh();
        await using var nginx = await NginxUpstream.Start();
        mesh.Disco("static", nginx.Address);
        await using var weft = await WeftProcess.Start(mesh);

        for (var i = 0; i < 10; i++)
            Assert.Equal(NginxUpstream.Body, (await weft.Get("static")).Text);
        Assert.Equal(404, (await weft.Get("static", "/files/none")).Status);
        Assert.Equal(1, await weft.Metric("weft_connections_total", "peer=\"upstream\""));
    }
}
