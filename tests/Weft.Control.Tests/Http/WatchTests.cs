using System.Text.Json.Nodes;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class WatchTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<StreamReader> WatchAsync(string path)
    {
        var stream = await _server.Client.GetStreamAsync(path, TestContext.Current.CancellationToken);
        return new StreamReader(stream);
    }

    private static async Task<JsonNode> NextAsync(StreamReader lines)
    {
        string? line;
        do
        {
            line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        } while (line is "");
        return JsonNode.Parse(Assert.IsType<string>(line))!;
    }

    [Fact]
    public async Task a_watch_tells_everything_and_then_each_change()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"));
        using var lines = await WatchAsync(Documents.Root + "/watch");
        Assert.Equal("books", (string?)(await NextAsync(lines))["changed"]![0]!["name"]);

        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "2s"));
        Assert.Equal(2, (long)(await NextAsync(lines))["revision"]!);
        await _server.SendAsync("DELETE", Documents.Books, null);
        Assert.True((bool)(await NextAsync(lines))["changed"]![0]!["removed"]!);
    }

    [Fact]
    public async Task a_watch_goes_on_after_a_break_where_it_ended()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"));
        await _server.SendAsync("PUT", Documents.Root + "/documents/Service/web", Documents.Service("web"));
        await _server.SendAsync("DELETE", Documents.Books, null);

        using var lines = await WatchAsync(Documents.Root + "/watch?since=2");
        var change = await NextAsync(lines);
        Assert.Equal(
            (3, "books"),
            ((long)change["revision"]!, (string?)Assert.Single(change["changed"]!.AsArray())!["name"])
        );
    }

    [Fact]
    public async Task a_watch_ends_with_the_server()
    {
        using var lines = await WatchAsync(Documents.Root + "/watch");
        await NextAsync(lines);
        await _server.Server.DisposeAsync();
        Assert.Null(await lines.ReadLineAsync(TestContext.Current.CancellationToken));
    }
}
