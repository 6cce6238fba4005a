using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Discovery.Tests.Etcd;

public sealed class EtcdNamerTests : IAsyncDisposable
{
    private const string Web = "/#/etcd/web";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly IDiscoveryNamer _namer;
    private int _changes;

    public EtcdNamerTests()
    {
        var member = new BackendHttpOptions { Address = new Uri("http://127.0.0.1:2379") };
        _namer = EtcdNamer.Create(
            Naming.Path.Parse("/#/etcd"),
            new EtcdNamerOptions { Members = [member] },
            _ => _http,
            _time,
            new Random(1)
        );
        _namer.Changed += () => _changes++;
        _namer.Start();
        _time.Advance(0);
    }

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Pair(string key, string value) =>
        $$"""{"key":"{{Base64("/weft/services/" + key)}}","value":"{{Base64(value)}}","mod_revision":"5"}""";

    private static string Put(string key, string value) => $"{{\"kv\":{Pair(key, value)}}}";

    private static string Delete(string key) =>
        $$"""{"type":"DELETE","kv":{"key":"{{Base64("/weft/services/" + key)}}"} }""";

    private static string Page(int revision, bool more, params string[] pairs) =>
        $$"""{"header":{"revision":"{{revision}}"},"kvs":[{{string.Join(",", pairs)}}],"more":{{(more ? "true" : "false")}} }""";

    private static string Change(params string[] events) =>
        $$"""{"result":{"header":{"revision":"9"},"events":[{{string.Join(",", events)}}]} }""" + "\n";

    /// <summary>Reads the base64 in a body as the text that it is.</summary>
    private static string Plain(string body) =>
        Regex.Replace(
            body,
            "\"(key|range_end)\":\"([^\"]*)\"",
            m => $"{m.Groups[1].Value}={Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[2].Value))}"
        );

    private ScriptedStream Know(params string[] pairs)
    {
        _http.Last.Answer(Page(7, more: false, pairs));
        Assert.Equal("/v3/watch", _http.Last.Url);
        var stream = _http.Last.Stream();
        stream.Push("""{"result":{"header":{"revision":"7"},"created":true}}""" + "\n");
        return stream;
    }

    [Fact]
    public void Everything_is_read_at_one_revision_and_then_followed()
    {
        Assert.Equal("pending", _namer.Name(Web));
        Assert.Equal(
            "{key=/weft/services/,range_end=/weft/services0,\"limit\":1000,\"revision\":0}",
            Plain(_http.Last.Body)
        );
        _http.Last.Answer(Page(7, more: true, Pair("shop/web/a", "10.0.0.9 80")));
        Assert.Equal(
            "{key=/weft/services/shop/web/a\0,range_end=/weft/services0,\"limit\":1000,\"revision\":7}",
            Plain(_http.Last.Body)
        );
        Assert.Equal("pending", _namer.Name(Web));
        var stream = Know(Pair("web/a", "10.0.0.1 80 * 0.5"), Pair("web/b", "10.0.0.2 80\n10.0.0.3 80"));
        Assert.Contains("\"start_revision\":8", _http.Last.Body);
        Assert.Equal($"{Web} [/x]", _namer.Name(Web + "/x"));
        Assert.Equal("10.0.0.1:80*0.5 10.0.0.2:80 10.0.0.3:80", _namer.Ends(Web));
        Assert.Equal("10.0.0.9:80", _namer.Ends("/#/etcd/shop/web"));
        Assert.Equal("~", _namer.Name("/#/etcd/shop"));

        stream.Push(
            Change(Delete("web/b"), Put("web/c", """{"address":"10.0.0.4","port":81,"metadata":{"zone":"a"}}"""))
        );
        Assert.Equal("10.0.0.1:80*0.5 10.0.0.4:81", _namer.Ends(Web));
        stream.Push(Change(Delete("web/a"), Delete("web/c")));
        Assert.Equal("~", _namer.Name(Web));
        Assert.Equal(3, _changes);
    }

    [Fact]
    public void Changes_of_one_service_leave_the_others_the_same_objects()
    {
        var stream = Know(Pair("web/a", "10.0.0.1 80"), Pair("books/a", "10.0.0.2 80"));
        var books = _namer.Endpoints(Naming.Path.Parse("/#/etcd/books"));
        stream.Push(Change(Put("web/b", "10.0.0.3 80")));
        Assert.Same(books, _namer.Endpoints(Naming.Path.Parse("/#/etcd/books")));
    }

    [Fact]
    public void Compacted_history_means_reading_everything_again_and_is_no_problem()
    {
        var stream = Know(Pair("web/a", "10.0.0.1 80"));
        stream.Push("""{"result":{"canceled":true,"compact_revision":"20"}}""" + "\n");
        Assert.Empty(_namer.Problems);
        _time.Advance(500);
        Assert.Contains("\"revision\":0", _http.Last.Body);
        Know(Pair("web/b", "10.0.0.2 80"));
        Assert.Equal("10.0.0.2:80", _namer.Ends(Web));
    }

    [Theory]
    [InlineData("""{"error":{"message":"no leader"}}""", "etcd ended the watch: no leader")]
    [InlineData("""{"result":{"canceled":true,"cancel_reason":"why not"}}""", "etcd ended the watch: why not")]
    [InlineData("{]", "an answer is not JSON")]
    [InlineData("""{"result":{"events":[{}]}}""", "a change of etcd has no key")]
    [InlineData(
        """{"result":{"events":[{"kv":{"key":"%"}}]}}""",
        "an answer of etcd has a key or value that is not base64"
    )]
    public void A_watch_that_ends_or_talks_nonsense_keeps_what_was_known(string line, string problem)
    {
        var stream = Know(Pair("web/a", "10.0.0.1 80"));
        stream.Push(line + "\n");
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("/#/etcd: " + problem, Assert.Single(_namer.Problems).ToString());
        _time.Advance(500);
        Know(Pair("web/a", "10.0.0.1 80"));
        Assert.Empty(_namer.Problems);
        Assert.Equal(3, _changes);
    }

    [Fact]
    public void A_watch_that_is_closed_is_told_so()
    {
        Know(Pair("web/a", "10.0.0.1 80")).End();
        Assert.Equal("/#/etcd: the connection was closed", Assert.Single(_namer.Problems).ToString());
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Fact]
    public void A_member_that_is_frozen_is_noticed_by_a_question()
    {
        Know(Pair("web/a", "10.0.0.1 80"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("count_only", _http.Last.Body);
        _http.Last.Answer(Page(7, more: false));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_namer.Problems);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("/#/etcd: no answer came in time", Assert.Single(_namer.Problems).ToString());
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
    }

    [Fact]
    public void An_answer_that_is_no_success_keeps_what_was_known_and_is_told()
    {
        _http.Last.Answer(HttpStatusCode.ServiceUnavailable, """{"error":"etcdserver: no leader","code":14}""");
        Assert.Equal(
            """failed: /#/etcd: it answered 503 ServiceUnavailable: {"error":"etcdserver: no leader","code":14}""",
            _namer.Name(Web)
        );
    }

    [Theory]
    [InlineData("10.0.0.1", "a service needs a host and a port")]
    [InlineData("db.internal 80", "its host is not an IP address")]
    [InlineData(
        """{"address":"10.0.0.1"}""",
        "it needs an 'address', which is an IP address, a 'port', and no odd weight"
    )]
    [InlineData("{]", "an answer is not JSON")]
    public void A_value_that_makes_no_sense_is_told_and_the_others_count(string value, string problem)
    {
        Know(Pair("web/a", "10.0.0.1 80"), Pair("web/b", value), Pair("notaservice", "x"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        var told = Assert.Single(_namer.Problems).ToString();
        Assert.StartsWith("/#/etcd: the value of /weft/services/web/b makes no sense: ", told);
        if (value != "10.0.0.1")
        {
            Assert.EndsWith(problem, told);
        }
    }

    [Fact]
    public void Everything_is_compared_again_every_few_minutes()
    {
        Know(Pair("web/a", "10.0.0.1 80"), Pair("books/a", "10.0.0.2 80"));
        _http.AtOnce = exchange =>
        {
            if (exchange.Body.Contains("count_only", StringComparison.Ordinal))
            {
                exchange.Answer(Page(7, more: false));
            }
            return true;
        };
        _time.Advance(TimeSpan.FromMinutes(3.9));
        Assert.DoesNotContain("\"limit\"", _http.Last.Body);
        var begun = _http.Requests.Count(r => r.Body.Contains("\"limit\"", StringComparison.Ordinal));
        for (var s = 0; s < 130 && !_http.Last.Body.Contains("\"limit\"", StringComparison.Ordinal); s++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(begun + 1, _http.Requests.Count(r => r.Body.Contains("\"limit\"", StringComparison.Ordinal)));
        Assert.Empty(_namer.Problems);
        Know(Pair("web/a", "10.0.0.1 80"));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal("~", _namer.Ends("/#/etcd/books"));
    }
}
