using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class NamerdRouteTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _server.Write("disco/books", "127.0.0.1 8081\n127.0.0.1 8082 * 0.5\n");
        await _server.ApplyAsync(_server.NamerOf("disco"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task a_dtab_is_created_updated_and_removed()
    {
        const string dtab = "/api/1/dtabs/shop";
        Assert.Equal(404, (await _server.GetAsync(dtab)).Status);
        Assert.Equal(
            204,
            (await _server.SendAsync("POST", dtab, "/svc => /#/file ;", "content-type: application/dtab")).Status
        );
        Assert.Equal(
            409,
            (await _server.SendAsync("POST", dtab, "/svc => /x", "content-type: application/dtab")).Status
        );

        var head = await _server.SendAsync("HEAD", dtab, null);
        Assert.Equal((200, ""), (head.Status, head.Text));
        Assert.Equal("""[{"prefix":"/svc","dst":"/#/file"}]""", (await _server.GetAsync(dtab)).Text);
        Assert.Equal("/svc => /#/file", (await _server.GetAsync(dtab, "accept: application/dtab")).Text);

        var update = """[{"prefix":"/svc","dst":"/#/other | /#/file"}]""";
        Assert.Equal(
            412,
            (await _server.SendAsync("PUT", dtab, update, "content-type: application/json", "if-match: \"99\"")).Status
        );
        Assert.Equal(
            204,
            (
                await _server.SendAsync("PUT", dtab, update, "content-type: application/json", $"if-match: {head.Tag}")
            ).Status
        );
        Assert.NotEqual(head.Tag, (await _server.GetAsync(dtab)).Tag);
        Assert.Equal("""["shop"]""", (await _server.GetAsync("/api/1/dtabs")).Text);

        Assert.Equal(204, (await _server.SendAsync("DELETE", dtab, null)).Status);
        Assert.Equal(404, (await _server.SendAsync("DELETE", dtab, null)).Status);
    }

    [Fact]
    public async Task what_is_no_dtab_is_400_and_what_is_not_there_404()
    {
        const string dtab = "/api/1/dtabs/shop";
        Assert.Equal(
            400,
            (await _server.SendAsync("POST", dtab, "/svc => ;", "content-type: application/dtab")).Status
        );
        Assert.Equal(400, (await _server.SendAsync("POST", dtab, "{}", "content-type: application/json")).Status);
        Assert.Equal(
            400,
            (
                await _server.SendAsync("POST", "/api/1/dtabs/no%20name", "/a => /b", "content-type: application/dtab")
            ).Status
        );
        Assert.Equal(
            404,
            (
                await _server.SendAsync("PUT", dtab, "/a => /b", "content-type: application/dtab", "if-match: \"3\"")
            ).Status
        );
        Assert.Equal(204, (await _server.SendAsync("PUT", dtab, "/a => /b", "content-type: application/dtab")).Status);
        Assert.Equal(400, (await _server.GetAsync("/api/1/bind/shop?path=nonsense")).Status);
    }

    [Fact]
    public async Task names_are_bound_resolved_and_explained_as_namerd_does()
    {
        await _server.SendAsync("PUT", "/api/1/dtabs/shop", "/svc => /#/file ;", "content-type: application/dtab");
        const string addresses =
            """{"type":"bound","addrs":[{"ip":"127.0.0.1","port":8081,"meta":{}},{"ip":"127.0.0.1","port":8082,"meta":{"endpoint_addr_weight":0.5}}],"meta":{}}""";
        Assert.Equal(
            """{"type":"leaf","bound":{"addr":""" + addresses + ""","id":"/#/file/books","path":"/x"}}""",
            (await _server.GetAsync("/api/1/bind/shop?path=/svc/books/x")).Text
        );
        Assert.Equal(addresses, (await _server.GetAsync("/api/1/addr/shop?path=/%23/file/books")).Text);
        Assert.Equal(addresses, (await _server.GetAsync("/api/1/resolve/shop?path=/svc/books")).Text);
        Assert.Equal("""{"type":"neg"}""", (await _server.GetAsync("/api/1/resolve/shop?path=/svc/nobody")).Text);
        Assert.Equal(
            """{"type":"fail"}""",
            (await _server.GetAsync("/api/1/bind/shop?path=/svc/books&dtab=/svc=>!")).Text
        );
        Assert.Equal(
            """{"type":"delegate","path":"/svc/web","dentry":null,"delegate":{"type":"neg","path":"/#/file/web","dentry":{"prefix":"/svc","dst":"/#/file"}}}""",
            (await _server.GetAsync("/api/1/delegate/shop?path=/svc/web")).Text
        );
    }

    [Fact]
    public async Task a_watch_follows_the_dtab_and_the_namer()
    {
        var stop = TestContext.Current.CancellationToken;
        await _server.SendAsync("PUT", "/api/1/dtabs/shop", "/svc => /#/file ;", "content-type: application/dtab");
        await using var stream = await _server.Client.GetStreamAsync("/api/1/bind/shop?path=/svc/web&watch=true", stop);
        using var lines = new StreamReader(stream);
        Assert.Equal("""{"type":"neg"}""", await lines.ReadLineAsync(stop));

        _server.Write("disco/web", "127.0.0.1 1\n");
        Assert.Contains("\"port\":1,", await lines.ReadLineAsync(stop), StringComparison.Ordinal);
        await _server.SendAsync("PUT", "/api/1/dtabs/shop", "/svc => ! ;", "content-type: application/dtab");
        Assert.Equal("""{"type":"fail"}""", await lines.ReadLineAsync(stop));
    }
}
