using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

/// <summary>Whatever is offered as a document, by whichever way: it is refused with a reason, nothing of it is kept, and others are served.</summary>
public sealed class HostileDocumentTests : IAsyncLifetime
{
    private const string Yaml = "application/yaml";
    private const string Json = "application/json";
    private const string Text = "application/dtab";
    private const string Apply = Documents.Root + "/apply";
    private const string Namerd = "/api/1/dtabs/shop";
    private const int Large = 10 * 1024 * 1024;

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, _server.Store.View.Revision);
        Assert.Equal(201, (await _server.SendAsync("PUT", Documents.Books, Documents.Service("books"))).Status);
        await _server.DisposeAsync();
    }

    private static string Circle => Documents.Dtab("d", "/svc => /host ; /host => /svc ;");

    private static string Annotation =>
        $"kind: Service\nmetadata: {{name: books, labels: {{a: {new string('x', Large)}}}}}\n";

    private static string Nested => new string('[', 100_000) + new string(']', 100_000);

    public static TheoryData<string, string, int, string> Texts =>
        new()
        {
            { "large", Annotation, 422, "more than the 1048576 that are read" },
            { "truncated", "kind: Service\nmetadata: {name: \"boo", 422, "not valid YAML" },
            { "nested", Nested, 422, "more than 32 levels within one another" },
            { "unknown kind", "kind: Servce\nmetadata: {name: books}\nspec: {}\n", 422, "'Servce'" },
            {
                "unknown key",
                "kind: Service\nmetadata: {name: books}\nspec: {timeout: 1s}\n",
                422,
                "unknown key 'timeout'"
            },
            { "no mapping", "- a\n- b\n", 422, "must be a mapping" },
            {
                "of another type",
                "kind: Service\nmetadata: {name: books}\nspec: {timeouts: [1s]}\n",
                422,
                "must be a mapping"
            },
            {
                "key twice",
                "kind: Service\nkind: Service\nmetadata: {name: books}\nspec: {}\n",
                422,
                "key 'kind' is repeated"
            },
            { "number out of range", Documents.Service("books", "99999999999999999999h"), 422, "'request'" },
            { "a circle of aliases", "a: &a [*a, *a]\n", 422, "anchors such as '&a' are not read" },
            { "a dtab in a circle", Circle, 422, "can never be bound: Max recursion level: 100" },
            {
                "a name with control characters",
                "kind: Service\nmetadata: {name: \"bo\\u0000oks\"}\nspec: {}\n",
                422,
                "name"
            },
        };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public async Task a_text_that_makes_no_sense_is_refused_by_every_way_in(
        string what,
        string text,
        int status,
        string reason
    )
    {
        Assert.NotEmpty(what);
        var bytes = Encoding.UTF8.GetBytes(text);
        var address = text == Circle ? Documents.Root + "/documents/Dtab/d" : Documents.Books;
        var asJson = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["name"] = "f", ["text"] = text }) };
        IsRefused(await Send("POST", Apply, Yaml, bytes), status, reason);
        IsRefused(await Send("POST", Apply, Json, Encoding.UTF8.GetBytes(asJson.ToJsonString())), status, reason);
        IsRefused(await Send("PUT", address, Yaml, bytes), status, reason);
        var (validated, said) = await Send("POST", Documents.Root + "/validate", Yaml, bytes);
        Assert.Equal(200, validated);
        Assert.Contains(reason, Plain(said), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string, int, string> Bodies =>
        new()
        {
            { "too large", Apply, Yaml, new string('#', (32 * 1024 * 1024) + 1), 413, "too large" },
            { "no UTF-8", Apply, Yaml, "kind: \xff", 400, "not UTF-8 text" },
            {
                "no UTF-8",
                Apply,
                Json,
                "{\"files\":[{\"name\":\"f\",\"text\":\"\xff\"}]}",
                400,
                "not what is expected here"
            },
            {
                "half a character",
                Apply,
                Json,
                """{"files":[{"name":"f","text":"\ud800"}]}""",
                400,
                "not what is expected here"
            },
            { "truncated", Apply, Json, """{"files":[{"name":"f",""", 400, "not what is expected here" },
            { "nested", Apply, Json, Nested, 400, "not what is expected here" },
            {
                "of another type",
                Apply,
                Json,
                """{"files":{"name":"f","text":""}}""",
                400,
                "not what is expected here"
            },
            { "of another type", Apply, Json, """{"files":[7]}""", 400, "not what is expected here" },
            { "null", Apply, Json, "null", 400, "the body is null" },
            { "files that are none", Apply, Json, """{"files":[null]}""", 400, "'files' is a list" },
            { "files without text", Apply, Json, """{"files":[{"name":"f"}]}""", 400, "'files'" },
            {
                "number out of range",
                Apply,
                Json,
                """{"files":[],"unchangedSince":1e99}""",
                400,
                "not what is expected here"
            },
            { "large", Namerd, Text, new string('/', Large), 400, "too long" },
            { "truncated", Namerd, Text, "/svc => (/a | ", 400, "does not parse" },
            { "nested", Namerd, Text, "/svc => " + new string('(', 60_000), 400, "nested too deep" },
            { "no UTF-8", Namerd, Text, "/svc => /\xff", 400, "not UTF-8 text" },
            { "a circle", Namerd, Text, "/svc => /host ; /host => /svc", 400, "can never be bound" },
            { "a circle", Namerd, Json, """[{"prefix":"/svc","dst":"/svc"}]""", 400, "can never be bound" },
            { "truncated", Namerd, Json, """[{"prefix":"/svc",""", 400, "no list of objects" },
            { "of another type", Namerd, Json, """[{"prefix":7,"dst":[]}]""", 400, "no list of objects" },
            { "of another type", Namerd, Json, "7", 400, "no list of objects" },
            { "half a character", Namerd, Json, """[{"prefix":"/\ud800","dst":"/a"}]""", 400, "no list of objects" },
            { "nested", Namerd, Json, Nested, 400, "no list of objects" },
            {
                "number out of range",
                Namerd,
                Text,
                "/svc => 1" + new string('0', 400) + " * /a & /b",
                400,
                "does not parse"
            },
        };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task a_body_that_makes_no_sense_is_refused(
        string what,
        string path,
        string type,
        string body,
        int status,
        string reason
    )
    {
        Assert.NotEmpty(what);
        var answer = await Send(path == Apply ? "POST" : "PUT", path, type, Encoding.Latin1.GetBytes(body));
        IsRefused(answer, status, reason);
    }

    [Fact]
    public async Task a_document_that_is_offered_twice_is_refused_and_so_is_all_that_came_with_it()
    {
        var twice =
            Documents.Service("books") + "---\n" + Documents.Service("web") + "---\n" + Documents.Service("books");
        IsRefused(await Send("POST", Apply, Yaml, Encoding.UTF8.GetBytes(twice)), 422, "books");
    }

    private static void IsRefused((int Status, string Body) answer, int status, string reason)
    {
        Assert.Equal(status, answer.Status);
        Assert.Contains(reason, Plain(answer.Body), StringComparison.Ordinal);
    }

    /// <summary>JSON as people read it.</summary>
    private static string Plain(string json) =>
        json.Replace("\\u0027", "'", StringComparison.Ordinal).Replace("\\u0026", "&", StringComparison.Ordinal);

    private async Task<(int Status, string Body)> Send(string method, string path, string type, byte[] body)
    {
        var stop = TestContext.Current.CancellationToken;
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        // What is too large is refused by its length, before it is sent.
        request.Headers.ExpectContinue = body.Length > Large;
        using var response = await _server.Client.SendAsync(request, stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(stop));
    }
}
