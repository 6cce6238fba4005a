using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class NameRouteTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _server.Write("disco/books", "127.0.0.1 8081\n127.0.0.1 8082 * 0.5\n");
        await _server.ApplyAsync(_server.NamerOf("disco") + "---\n" + Documents.Dtab("default", "/svc => /#/file ;"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task a_name_is_delegated_as_the_guide_has_it() =>
        Assert.Equal(
            """{"path":"/svc/books/x","tree":{"type":"delegate","path":"/svc/books/x","children":[{"type":"leaf","path":"/#/file/books/x","dentry":"/svc => /#/file","id":"/#/file/books","residual":"/x"}]},"bound":{"type":"leaf","id":"/#/file/books","residual":"/x"}}""",
            (await _server.GetAsync(Documents.Root + "/delegate?path=/svc/books/x")).Text
        );

    [Fact]
    public async Task a_name_is_resolved_down_to_endpoints() =>
        Assert.Equal(
            """{"path":"/svc/books","bound":{"type":"leaf","id":"/#/file/books","residual":"/"},"names":[{"id":"/#/file/books","residual":"/","share":1,"state":"known","endpoints":[{"address":"127.0.0.1:8081","weight":1,"state":"known"},{"address":"127.0.0.1:8082","weight":0.5,"state":"known"}]}]}""",
            (await _server.GetAsync(Documents.Root + "/resolve?path=/svc/books")).Text
        );

    [Fact]
    public async Task entries_of_the_query_come_last()
    {
        var answer = await _server.GetAsync(Documents.Root + "/delegate?path=/svc/books&dtab=/svc=>!");
        Assert.Equal("fail", (string?)answer.Json["bound"]!["type"]);
    }

    [Fact]
    public async Task a_namespace_without_a_dtab_needs_entries()
    {
        await _server.ApplyAsync(Documents.Service("books"), "test");
        const string root = "/api/v1/namespaces/test/resolve?path=/svc/books";
        var refused = await _server.GetAsync(root);
        Assert.Equal(400, refused.Status);
        Assert.Contains("there is no Dtab at all", refused.Text, StringComparison.Ordinal);
        var answer = await _server.GetAsync(root + "&dtab=/svc=>/$/inet/127.0.0.1/80");
        Assert.Equal("127.0.0.1:80", (string?)answer.Json["names"]![0]!["endpoints"]![0]!["address"]);
    }

    [Theory]
    [InlineData(400, "/default/delegate", "'path' is no name")]
    [InlineData(400, "/default/resolve?path=svc", "'path' is no name")]
    [InlineData(400, "/default/delegate?path=/svc&dtab=/svc", "the dtab does not parse")]
    [InlineData(400, "/default/delegate?path=/svc&dtab-name=defalt", "did you mean 'default'?")]
    [InlineData(404, "/nobody/delegate?path=/svc", "there is no namespace nobody")]
    [InlineData(400, "/no%20name/delegate?path=/svc", "cannot be a namespace")]
    public async Task what_makes_no_sense_is_refused(int status, string path, string message)
    {
        var answer = await _server.GetAsync("/api/v1/namespaces" + path);
        Assert.Equal(status, answer.Status);
        Assert.Contains(message, (string?)answer.Json["message"], StringComparison.Ordinal);
    }
}
