using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Routing;

public sealed class RoutingTests(OneService service) : IClassFixture<OneService>
{
    [Theory]
    [InlineData("books")]
    [InlineData("BOOKS")]
    [InlineData("books.")]
    [InlineData("books:80")]
    public async Task a_request_goes_to_the_endpoint_of_the_service_that_host_names(string host)
    {
        var response = await service.Weft.Get(host);
        Assert.Equal(200, response.Status);
        Assert.Equal("books-1", response.Text);
        Assert.Null(response.WeftError);
    }

    [Fact]
    public async Task another_port_than_the_default_is_part_of_the_name()
    {
        var response = await service.Weft.Get("books:8080");
        Assert.Equal((503, "no-binding"), (response.Status, response.WeftError));
    }

    [Fact]
    public async Task the_target_in_absolute_form_wins_over_host()
    {
        using var client = await service.Weft.Connect();
        await client.Send("GET http://books/absolute HTTP/1.1\r\nHost: other\r\n\r\n");
        Assert.Equal("books-1", (await client.ReadFinalResponse()).ServedBy);
        Assert.Contains("/absolute", service.Upstream.Paths);
    }

    [Fact]
    public async Task an_unknown_host_is_answered_503_no_binding()
    {
        var response = await service.Weft.Get("nobody");
        Assert.Equal((503, "no-binding"), (response.Status, response.WeftError));
        Assert.Contains("/svc/nobody", response.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: bad host\r\n")]
    [InlineData("Host: a/b\r\n")]
    [InlineData("Host: \r\n")]
    [InlineData("")]
    [InlineData("Host: books\r\nHost: books\r\n")]
    public async Task a_host_that_names_nothing_is_answered_400(string header)
    {
        using var client = await service.Weft.Connect();
        await client.Send($"GET / HTTP/1.1\r\n{header}\r\n");
        var response = await client.ReadFinalResponse();
        Assert.Equal(400, response.Status);
        Assert.True(response.WeftError is "bad-request" or "not-identified", response.ToString());
    }

    [Fact]
    public async Task an_endpoint_that_nobody_listens_on_is_answered_502_connect_failed()
    {
        var nobody = FreePort.NextOnLoopback();
        service.Mesh.Disco("dead", nobody);
        await Eventually.Is(
            async () => (await service.Weft.Get("dead")).WeftError is not "no-binding",
            "the new service is known"
        );
        var response = await service.Weft.Get("dead");
        Assert.Equal((502, "connect-failed"), (response.Status, response.WeftError));
        Assert.Contains($"{nobody}", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_service_without_endpoints_is_answered_503_no_endpoints()
    {
        service.Mesh.RawDisco("empty", "# nobody yet\n");
        await Eventually.Is(
            async () => (await service.Weft.Get("empty")).WeftError is "no-endpoints",
            "a known service without endpoints is told apart from an unknown one"
        );
    }

    [Theory]
    [InlineData("weft-dtab")]
    [InlineData("l5d-dtab")]
    public async Task the_requests_own_dtab_comes_last_and_wins(string header)
    {
        var response = await service.Weft.Get("anything", headers: $"{header}: /svc/anything => /svc/books\r\n");
        Assert.Equal((200, "books-1"), (response.Status, response.Text));
    }

    [Fact]
    public async Task a_request_whose_own_dtab_does_not_parse_is_answered_400_bad_dtab()
    {
        var response = await service.Weft.Get("books", headers: "weft-dtab: /svc => => /x\r\n");
        Assert.Equal((400, "bad-dtab"), (response.Status, response.WeftError));
    }

    [Fact]
    public async Task the_upstream_sees_the_request_without_hop_by_hop_headers_and_with_the_names()
    {
        var response = await service.Weft.Get(
            "books",
            "/headers?a=b",
            "Connection: x-drop\r\nX-Drop: 1\r\nKeep-Alive: timeout=5\r\nX-Keep: 2\r\n"
        );
        var lines = response.Text.Split('\n');
        Assert.Equal("GET /headers?a=b", lines[0]);
        Assert.Contains("host: books", lines);
        Assert.Contains("x-keep: 2", lines);
        Assert.Contains("weft-dst: /svc/books", lines);
        Assert.Contains("weft-dst-client: /#/file/books", lines);
        Assert.Contains(lines, l => l.StartsWith("via: 1.1 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("x-drop", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("keep-alive", StringComparison.Ordinal));
    }

    [Fact]
    public async Task requests_are_counted_by_status_and_result()
    {
        string[] labels = ["status=\"418\"", "result=\"success\""];
        var before = await service.Weft.Metric("weft_requests_total", labels);
        await service.Weft.Get("books", "/status/418");
        await Eventually.Is(
            async () => await service.Weft.Metric("weft_requests_total", labels) == before + 1,
            "the request was counted once"
        );
    }
}
