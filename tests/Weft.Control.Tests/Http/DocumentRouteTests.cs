using System.Text.Json.Nodes;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class DocumentRouteTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task a_document_is_written_read_and_removed()
    {
        var text = "# by hand\n" + Documents.Service("books");
        var put = await _server.SendAsync("PUT", Documents.Books, text, "weft-author: ada");
        Assert.Equal((201, "\"1\"", "created"), (put.Status, put.Tag, (string?)put.Json["changes"]![0]!["change"]));

        var got = await _server.GetAsync(Documents.Books);
        Assert.Equal((200, "\"1\"", text), (got.Status, got.Tag, (string?)got.Json["text"]));
        Assert.Equal(("ada", 1), ((string?)got.Json["author"], (int)got.Json["version"]!));
        Assert.Equal(text, (await _server.GetAsync(Documents.Books, "accept: application/yaml")).Text);

        var deleted = await _server.SendAsync("DELETE", Documents.Books, null);
        Assert.Equal((200, "removed"), (deleted.Status, (string?)deleted.Json["changes"]![0]!["change"]));
        Assert.Equal(404, (await _server.GetAsync(Documents.Books)).Status);
        Assert.Equal(404, (await _server.SendAsync("DELETE", Documents.Books, null)).Status);
    }

    [Fact]
    public async Task names_of_services_may_hold_slashes()
    {
        const string shop = Documents.Root + "/documents/Service/shop/books";
        Assert.Equal(201, (await _server.SendAsync("PUT", shop, Documents.Service("shop/books"))).Status);
        Assert.Equal("shop/books", (string?)(await _server.GetAsync(shop)).Json["name"]);
    }

    [Fact]
    public async Task a_stale_write_is_refused_with_both_versions()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "1s"));
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "2s"), "if-match: \"1\"");

        var late = await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "3s"), "if-match: \"1\"");
        Assert.Equal((412, "stale"), (late.Status, (string?)late.Json["error"]));
        Assert.Equal(2, (long)late.Json["current"]!["revision"]!);
        Assert.Contains("2s", (string?)late.Json["current"]!["text"], StringComparison.Ordinal);
        Assert.Contains("3s", (string?)late.Json["offered"], StringComparison.Ordinal);
        Assert.Equal(
            412,
            (await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"), "if-none-match: *")).Status
        );
        Assert.Equal(412, (await _server.SendAsync("DELETE", Documents.Books, null, "if-match: 1")).Status);
    }

    [Fact]
    public async Task everything_that_is_wrong_is_said_at_once_with_its_place()
    {
        var put = await _server.SendAsync(
            "PUT",
            Documents.Books,
            "apiVersion: weft.dev/v1\nkind: Service\nmetadata: {name: books}\nspec: {timeouts: {request: 1 s}, balancr: {}}\n"
        );

        Assert.Equal((422, "invalid"), (put.Status, (string?)put.Json["error"]));
        var problems = put.Json["problems"]!.AsArray();
        Assert.Equal(2, problems.Count);
        Assert.All(problems, p => Assert.Equal(("Service books", 4), ((string?)p!["file"], (int)p["line"]!)));
        Assert.Equal(0, _server.Store.View.Revision);
    }

    [Fact]
    public async Task the_text_is_that_of_the_address()
    {
        var other = await _server.SendAsync("PUT", Documents.Books, Documents.Service("web"));
        Assert.Equal(
            (400, "the address is that of Service books, and the text holds Service web"),
            (other.Status, (string?)other.Json["message"])
        );
        Assert.Equal(400, (await _server.SendAsync("PUT", Documents.Books, "# nothing\n")).Status);
    }

    [Fact]
    public async Task several_documents_come_together_or_not_at_all()
    {
        var both = Documents.Service("books") + "---\n" + Documents.Service("web");
        var applied = await _server.SendAsync("POST", Documents.Root + "/apply", both);
        Assert.Equal((200, 1), (applied.Status, (long)applied.Json["revision"]!));
        Assert.Equal(["created", "created"], Changes(applied));

        var wrong = both.Replace("1s", "2s") + "---\n" + Documents.Dtab("x", "/svc => ;");
        var refused = await _server.SendAsync("POST", Documents.Root + "/apply?file=mesh.yaml", wrong);
        Assert.Equal((422, 1), (refused.Status, _server.Store.View.Revision));
        var problem = Assert.Single(refused.Json["problems"]!.AsArray());
        Assert.Equal(("mesh.yaml", 17), ((string?)problem!["file"], (int)problem["line"]!));
    }

    [Fact]
    public async Task what_does_not_fit_with_what_is_there_is_refused()
    {
        await _server.ApplyAsync(Documents.Namer("/a"));
        var again = Documents
            .Namer("/b")
            .Replace("{name: file}", "{name: other}")
            .Replace("root: /b", "root: /b, prefix: /#/file");
        var refused = await _server.SendAsync("POST", Documents.Root + "/apply", again);

        Assert.Equal(422, refused.Status);
        Assert.Contains(
            "which Namer file at",
            (string?)refused.Json["problems"]![0]!["message"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task what_was_wrong_before_does_not_hold_up_others()
    {
        // As an older program, or somebody who writes to the store himself, may have left it.
        await _server.Store.CommitAsync(
            new Commit("default", [new DocumentChange(new DocumentKey("Service", "old"), "kind: Service\n")], "x"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(201, (await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"))).Status);
    }

    [Fact]
    public async Task documents_that_changed_since_they_were_read_are_not_overwritten_by_apply()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"));
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "5s"));
        var apply = new JsonObject
        {
            ["files"] = new JsonArray(new JsonObject { ["name"] = "f", ["text"] = Documents.Service("books", "6s") }),
            ["unchangedSince"] = 1,
        };
        var stale = await _server.SendAsync(
            "POST",
            Documents.Root + "/apply",
            apply.ToJsonString(),
            "content-type: application/json"
        );
        Assert.Equal((412, 2), (stale.Status, (long)stale.Json["current"]!["revision"]!));
        apply["unchangedSince"] = 2;
        Assert.Equal(
            200,
            (
                await _server.SendAsync(
                    "POST",
                    Documents.Root + "/apply",
                    apply.ToJsonString(),
                    "content-type: application/json"
                )
            ).Status
        );
    }

    [Fact]
    public async Task a_comparison_shows_lines_and_writes_nothing()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"));
        var diff = await _server.SendAsync(
            "POST",
            Documents.Root + "/diff",
            Documents.Service("books", "2s") + "---\n" + Documents.Service("web")
        );

        Assert.Equal(["changed", "created"], Changes(diff));
        Assert.Equal(
            [
                " apiVersion: weft.dev/v1",
                " kind: Service",
                " metadata: {name: books}",
                " spec:",
                "-  timeouts: {request: 1s}",
                "+  timeouts: {request: 2s}",
            ],
            diff.Json["changes"]![0]!["lines"]!.AsArray().Select(l => (string?)l)
        );
        Assert.Equal(1, _server.Store.View.Revision);
    }

    [Fact]
    public async Task validation_lists_errors_and_warnings_and_is_no_error_itself()
    {
        var fine = await _server.SendAsync(
            "POST",
            Documents.Root + "/validate",
            Documents.Dtab("x", "/svc => /#/nobody ;")
        );
        Assert.Equal((200, true, 1), (fine.Status, (bool)fine.Json["valid"]!, fine.Json["warnings"]!.AsArray().Count));
        var wrong = await _server.SendAsync("POST", Documents.Root + "/validate", "kind: Service\n");
        Assert.Equal((200, false), (wrong.Status, (bool)wrong.Json["valid"]!));
        Assert.NotEmpty(wrong.Json["errors"]!.AsArray());
    }

    [Fact]
    public async Task a_document_goes_back_to_what_it_was_also_from_its_removal()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "1s"));
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books", "2s"));
        await _server.SendAsync("DELETE", Documents.Books, null);
        var rollback = Documents.Root + "/rollback/Service/books?to=";
        Assert.Equal(201, (await _server.SendAsync("POST", rollback + "1", null)).Status);
        Assert.Contains("1s", (await _server.GetAsync(Documents.Books)).Text, StringComparison.Ordinal);

        var history = (await _server.GetAsync(Documents.Root + "/history/Service/books")).Json["documents"]!.AsArray();
        Assert.Equal([4L, 3, 2, 1], history.Select(d => (long)d!["revision"]!));
        Assert.Equal([false, true, false, false], history.Select(d => (bool)d!["removed"]!));
        Assert.Equal(404, (await _server.SendAsync("POST", rollback + "9", null)).Status);
        Assert.Contains("2s", (await _server.GetAsync(Documents.Books + "?revision=2")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task lists_are_by_kind_and_name_and_namespaces_are_apart()
    {
        await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"));
        await _server.SendAsync("PUT", Documents.Root + "/documents/Dtab/d", Documents.Dtab("d", "/a => /b ;"));
        await _server.SendAsync("PUT", "/api/v1/namespaces/other/documents/Service/books", Documents.Service("books"));

        var all = (await _server.GetAsync(Documents.Root + "/documents")).Json;
        Assert.Equal(["d", "books"], all["documents"]!.AsArray().Select(d => (string?)d!["name"]));
        Assert.Null(all["documents"]![0]!["text"]);
        var services = (await _server.GetAsync(Documents.Root + "/documents?kind=Service")).Json;
        Assert.Equal("books", (string?)Assert.Single(services["documents"]!.AsArray())!["name"]);
        var spaces = (await _server.GetAsync("/api/v1/namespaces")).Json["namespaces"]!.AsArray();
        Assert.Equal(["default", "other"], spaces.Select(n => (string?)n!["name"]));
        Assert.Equal(400, (await _server.GetAsync("/api/v1/namespaces/no%20name/documents")).Status);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/api/v1/namespaces", 405)]
    [InlineData("GET", Documents.Books + "?revision=x", 400)]
    [InlineData("POST", Documents.Root + "/rollback/Service/books", 400)]
    public async Task what_is_not_understood_is_an_error_with_a_message(string method, string path, int status)
    {
        var answer = await _server.SendAsync(method, path, null);
        Assert.Equal(status, answer.Status);
        Assert.NotEmpty((string?)answer.Json["message"] ?? "");
    }

    private static IEnumerable<string?> Changes(TestAnswer answer) =>
        answer.Json["changes"]!.AsArray().Select(c => (string?)c!["change"]);
}
