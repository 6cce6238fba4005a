using System.Text.Json.Nodes;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class StatusTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<JsonNode> StatusAsync(string query = "")
    {
        var answer = await _server.GetAsync("/api/v1/status" + query);
        Assert.Equal(200, answer.Status);
        return answer.Json;
    }

    private async Task<JsonNode> NamerAsync() => (await StatusAsync())["namespaces"]![0]!["namers"]![0]!;

    /// <summary>Asks until the namer is in a state.</summary>
    private async Task<JsonNode> NamerAsync(string state)
    {
        while (true)
        {
            var namer = await NamerAsync();
            if ((string?)namer["state"] == state)
            {
                return namer;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task a_control_plane_tells_its_version_its_clock_and_its_store()
    {
        await _server.ApplyAsync(Documents.Service("books"));
        var before = TimeProvider.System.GetUtcNow();
        var status = await StatusAsync();
        Assert.NotEqual("", (string?)status["version"]);
        Assert.InRange((DateTimeOffset)status["time"]!, before, TimeProvider.System.GetUtcNow());
        Assert.True((DateTimeOffset)status["startedAt"]! <= before);
        Assert.Equal("embedded", (string?)status["store"]!["kind"]);
        Assert.Equal("ok", (string?)status["store"]!["state"]);
        Assert.Equal(1, (long)status["store"]!["revision"]!);
        Assert.Null(status["store"]!["error"]);
    }

    [Fact]
    public async Task every_namespace_is_told_or_the_one_that_was_asked_for()
    {
        await _server.ApplyAsync(Documents.Service("books"), "shop");
        await _server.ApplyAsync(Documents.Service("books") + "---\n" + Documents.Dtab("default", "/svc => /#/none ;"));
        var all = (await StatusAsync())["namespaces"]!.AsArray();
        Assert.Equal(["default", "shop"], all.Select(n => (string?)n!["name"]));
        Assert.Equal(
            (2, 0, 1),
            ((int)all[0]!["documents"]!, (int)all[0]!["errorCount"]!, (int)all[0]!["warningCount"]!)
        );
        Assert.Contains("/#/none", (string?)all[0]!["warnings"]![0]!["message"], StringComparison.Ordinal);
        Assert.Empty(all[0]!["errors"]!.AsArray());

        var one = Assert.Single((await StatusAsync("?namespace=shop"))["namespaces"]!.AsArray());
        Assert.Equal(("shop", 1), ((string?)one!["name"], (int)one["documents"]!));
        var none = Assert.Single((await StatusAsync("?namespace=other"))["namespaces"]!.AsArray());
        Assert.Equal(("other", 0), ((string?)none!["name"], (int)none["revision"]!));
        Assert.Equal(400, (await _server.GetAsync("/api/v1/status?namespace=a/b")).Status);
    }

    [Fact]
    public async Task a_namer_is_idle_until_somebody_asks_then_fails_with_its_source_and_recovers()
    {
        var folder = System.IO.Path.GetDirectoryName(_server.Write("disco/books", "127.0.0.1 1\n"))!;
        await _server.ApplyAsync(Documents.Namer(folder) + "---\n" + Documents.Dtab("default", "/svc => /#/file ;"));
        var idle = await NamerAsync();
        Assert.Equal(("file", "file", "/#/file", "idle"), Words(idle));
        Assert.Null(idle["ageSeconds"]);

        await _server.GetAsync("/api/1/bind/default?path=/svc/books");
        Assert.Equal(0, (double)(await NamerAsync("ok"))["ageSeconds"]!);

        _server.Write("disco/books", "no address\n");
        var failing = await NamerAsync("failing");
        Assert.Contains("books:1", (string?)failing["problems"]![0], StringComparison.Ordinal);
        Assert.True((double)failing["ageSeconds"]! >= 0);

        _server.Write("disco/books", "127.0.0.1 2\n");
        await NamerAsync("ok");
    }

    private static (string?, string?, string?, string?) Words(JsonNode namer) =>
        ((string?)namer["name"], (string?)namer["kind"], (string?)namer["prefix"], (string?)namer["state"]);
}
