using System.Text;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Whatever etcd answers and whoever wrote it, what was known before stays, the others are followed, and the reason is told.</summary>
public sealed class EtcdHostileTests : IAsyncDisposable
{
    private const string Web = "/#/etcd/web";
    private const string Good = """{"address":"10.0.0.1","port":80}""";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly IDiscoveryNamer _namer;

    public EtcdHostileTests()
    {
        var member = new BackendHttpOptions { Address = new Uri("http://127.0.0.1:2379") };
        _namer = EtcdNamer.Create(
            Naming.Path.Parse("/#/etcd"),
            new EtcdNamerOptions { Members = [member] },
            _ => _http,
            _time,
            new Random(1)
        );
        _namer.Start();
        _time.Advance(0);
    }

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    public static TheoryData<string, byte[]> Values =>
        new()
        {
            { "truncated", Text(Good[..^4]) },
            { "no UTF-8", Nonsense.NoUtf8("""{"address":"10.0.0.2?","port":80}""") },
            { "half a character", Text($$"""{"address":"{{Nonsense.Surrogate}}","port":80}""") },
            { "half a character in a name", Text($$"""{"{{Nonsense.Surrogate}}":1,"port":80}""") },
            { "no UTF-8 in a line", Nonsense.NoUtf8("10.0.0.? 80") },
            { "nested", Text("""{"address":""" + Nonsense.Nested(5000) + "}") },
            { "of another type", Text("""{"address":["10.0.0.1"],"port":80}""") },
            { "port out of range", Text("""{"address":"10.0.0.1","port":-1}""") },
            { "port beyond numbers", Text("""{"address":"10.0.0.1","port":1e400}""") },
            { "weight out of range", Text("""{"address":"10.0.0.1","port":80,"weight":1e300}""") },
            { "large", Text("{" + Nonsense.Annotation(10 * 1024 * 1024) + "}") },
        };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_that_makes_no_sense_keeps_what_was_there_also_when_all_is_read_again(string what, byte[] value)
    {
        Assert.NotEmpty(what);
        var stream = Know(Pair("web/a", Text(Good)), Pair("books/a", Text(Good)));
        stream.Push(Change(Pair("web/a", value), Pair("books/b", Text("10.0.0.2 80"))));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("10.0.0.1:80 10.0.0.2:80", _namer.Ends("/#/etcd/books"));
        Assert.StartsWith("/#/etcd: the value of /weft/services/web/a makes no sense: ", Problem);

        stream.Break(new IOException("reset"));
        _time.Advance(500);
        stream = Know(Pair("web/a", value), Pair("books/a", Text(Good)));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("10.0.0.1:80", _namer.Ends("/#/etcd/books"));
        stream.Push(Change(Pair("web/a", Text("10.0.0.3 80"))));
        Assert.Equal("10.0.0.3:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void Metadata_with_the_same_name_twice_counts_once()
    {
        Know(Pair("web/a", Text("""{"address":"10.0.0.1","port":80,"metadata":{"zone":"a","zone":"b"}}""")));
        var known = Assert.IsType<Naming.EndpointSet.Known>(_namer.Endpoints(Naming.Path.Parse(Web)));
        Assert.Equal("b", Assert.Single(known.Endpoints).Metadata["zone"]);
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void Instances_with_the_same_address_are_one_endpoint()
    {
        Know(Pair("web/a", Text(Good)), Pair("web/b", Text("10.0.0.1 80 * 2")));
        Assert.Equal("10.0.0.1:80*3", _namer.Ends(Web));
    }

    [Fact]
    public void A_service_with_too_many_endpoints_does_not_harm_the_others()
    {
        var lines = Enumerable
            .Range(0, 21)
            .Select(i => string.Concat(Enumerable.Range(0, 1000).Select(j => $"10.{i}.{j / 250}.{j % 250} 80\n")));
        var stream = Know(Pair("web/a", Text(Good)), Pair("books/a", Text(Good)));
        stream.Push(
            Change([.. lines.Select((l, i) => Pair($"web/{i}", Text(l))), Pair("books/a", Text("10.0.0.2 80"))])
        );
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("10.0.0.2:80", _namer.Ends("/#/etcd/books"));
        Assert.Equal("/#/etcd: /weft/services/web: a name has more than 20000 endpoints", Problem);
    }

    [Theory]
    [InlineData("""{"header":{"revision":"7"},"kvs":""", "an answer is not JSON")]
    [InlineData("""{"header":{"revision":"7"},"kvs":{}}""", "'kvs' in an answer is no list")]
    [InlineData(
        """{"header":{"revision":"7"},"kvs":[{"key":7}]}""",
        "an answer of etcd has a key or value that is not base64"
    )]
    [InlineData("""{"header":{"revision":"99999999999999999999"}}""", "an answer of etcd has no revision")]
    [InlineData("""{"header":[]}""", "an answer of etcd has no revision")]
    [InlineData("[]", "an answer of etcd has no revision")]
    public void A_page_that_makes_no_sense_withdraws_nothing(string page, string problem)
    {
        Know(Pair("web/a", Text(Good))).Break(new IOException("reset"));
        _time.Advance(500);
        _http.Last.Answer(page);
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("/#/etcd: " + problem, Problem);
        _time.Advance(TimeSpan.FromSeconds(2));
        Know(Pair("web/a", Text("10.0.0.2 80")));
        Assert.Equal("10.0.0.2:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    private string Problem => Assert.Single(_namer.Problems).ToString();

    private ScriptedStream Know(params string[] pairs)
    {
        _http.Last.Answer($$"""{"header":{"revision":"7"},"kvs":[{{string.Join(",", pairs)}}]}""");
        Assert.Equal("/v3/watch", _http.Last.Url);
        return _http.Last.Stream();
    }

    private static string Pair(string key, byte[] value) =>
        $$"""{"key":"{{Convert.ToBase64String(Text("/weft/services/" + key))}}","value":"{{Convert.ToBase64String(value)}}"}""";

    private static string Change(params string[] pairs) =>
        $$$"""{"result":{"events":[{{{string.Join(",", pairs.Select(p => $"{{\"kv\":{p}}}"))}}}]}}""" + "\n";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
