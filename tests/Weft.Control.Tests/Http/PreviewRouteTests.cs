using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Http;

public sealed class PreviewRouteTests : IAsyncLifetime
{
    private const string Preview = Documents.Root + "/preview";

    private readonly ScriptedTraffic _traffic = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, _traffic);
        _server.Write("disco/books", "127.0.0.1 8081\n");
        _server.Write("disco/v2", "127.0.0.1 8082\n127.0.0.1 8083\n");
        _server.Write("other/new", "127.0.0.1 8084\n");
        await _server.ApplyAsync(_server.NamerOf("disco") + "---\n" + Documents.Dtab("default", "/svc => /#/file ;"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task each_line_says_where_its_calls_go_and_would_go()
    {
        _traffic.Seen = [new SeenCalls("web", ["default"], "books", "default", 300, 3)];
        var answer = await _server.SendAsync(
            "POST",
            Preview + "?window=2m",
            Documents.Dtab("default", "/svc => /#/file ; /svc/books => 3 * /#/file/v2 & /#/file/books ;")
        );

        Assert.Equal(("default", TimeSpan.FromMinutes(2)), _traffic.Asked);
        Assert.Equal(
            """[{"caller":"web","service":"books","route":"default","requests":300,"failures":3,"verdict":"changes","moved":0.75,"lost":0,"cases":[{"dtab":"default","now":[{"share":1,"type":"name","id":"/#/file/books","endpoints":1}],"then":[{"share":0.75,"type":"name","id":"/#/file/v2","endpoints":2},{"share":0.25,"type":"name","id":"/#/file/books","endpoints":1}]}],"dependsOn":[],"notes":[]}]""",
            answer.Json["lines"]!.ToJsonString()
        );
        Assert.Equal(
            """{"requests":300,"stay":75,"change":225,"fail":0,"uncertain":0}""",
            answer.Json["summary"]!.ToJsonString()
        );
        Assert.Equal("changed", (string?)answer.Json["changes"]![0]!["change"]);
        Assert.Equal((120, 0), ((int)answer.Json["windowSeconds"]!, answer.Json["unseen"]!.AsArray().Count));
        Assert.Null(answer.Json["reportedSeconds"]);
    }

    [Fact]
    public async Task nothing_is_written()
    {
        _traffic.Seen = [new SeenCalls("web", ["default"], "books", "default", 300, 3)];
        var before = await _server.GetAsync(Documents.Root + "/documents");
        await _server.SendAsync("POST", Preview, Documents.Dtab("default", "/svc => ! ;"));
        Assert.Equal(before.Text, (await _server.GetAsync(Documents.Root + "/documents")).Text);
    }

    [Fact]
    public async Task a_namer_that_is_not_there_yet_is_tried()
    {
        _traffic.Seen = [new SeenCalls("web", ["default"], "new", "default", 10, 10)];
        var answer = await _server.SendAsync("POST", Preview, _server.NamerOf("other"));
        var line = answer.Json["lines"]![0]!;
        Assert.Equal("changes", (string?)line["verdict"]);
        Assert.Equal("no-binding", (string?)line["cases"]![0]!["now"]![0]!["type"]);
        Assert.Equal("/#/file/new", (string?)line["cases"]![0]!["then"]![0]!["id"]);
    }

    [Fact]
    public async Task routes_that_were_just_written_do_not_tell_which_rule_was_taken()
    {
        const string route =
            "{apiVersion: weft.dev/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{kind: Service, name: books}], rules: [{backendRefs: [{name: books}]}]}}";
        await _server.ApplyAsync(route);
        _traffic.Seen = [new SeenCalls("web", ["default"], "books", "default", 10, 0)];
        var answer = await _server.SendAsync(
            "POST",
            Preview,
            route.Replace(
                "[{backendRefs: [{name: books}]}]",
                "[{backendRefs: [{name: v2}], matches: [{path: {value: /a}}]}]"
            )
        );
        Assert.Equal("uncertain", (string?)answer.Json["lines"]![0]!["verdict"]);
    }

    [Fact]
    public async Task a_document_that_no_call_meets_is_named_and_so_is_silence()
    {
        var service = Documents.Service("authors");
        var silent = await _server.SendAsync("POST", Preview, service);
        Assert.Equal((0, 0), ((int)silent.Json["summary"]!["requests"]!, silent.Json["lines"]!.AsArray().Count));

        _traffic.Seen = [new SeenCalls("web", ["default"], "books", "default", 300, 3)];
        var answer = await _server.SendAsync("POST", Preview, service);
        Assert.Equal("""[{"kind":"Service","name":"authors"}]""", answer.Json["unseen"]!.ToJsonString());
        Assert.Equal("stays", (string?)answer.Json["lines"]![0]!["verdict"]);
    }

    [Theory]
    [InlineData(422, "", "kind: Dtab")]
    [InlineData(422, "", "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: '/svc'}")]
    [InlineData(400, "", "# nothing")]
    [InlineData(400, "?window=11m", "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: ''}")]
    [InlineData(400, "?window=9s", "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: ''}")]
    [InlineData(400, "?window=5", "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: ''}")]
    public async Task what_could_not_be_applied_is_refused_alike(int status, string query, string documents)
    {
        var answer = await _server.SendAsync("POST", Preview + query, documents);
        Assert.Equal(status, answer.Status);
        if (query.Length == 0)
        {
            var applied = await _server.SendAsync("POST", Documents.Root + "/apply", documents);
            Assert.Equal((applied.Status, applied.Text), (answer.Status, answer.Text));
        }
    }

    private sealed class ScriptedTraffic : ITraffic
    {
        public IReadOnlyList<SeenCalls> Seen { get; set; } = [];

        public (string, TimeSpan) Asked { get; private set; }

        public IReadOnlyList<SeenCalls> Calls(string ns, TimeSpan window)
        {
            Asked = (ns, window);
            return Seen;
        }

        public TimeSpan? Covered(string ns, TimeSpan window) => null;
    }
}
