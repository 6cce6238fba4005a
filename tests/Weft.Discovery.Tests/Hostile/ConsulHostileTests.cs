using System.Net;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Whatever an agent of Consul answers, what it said before stays, and the reason is told.</summary>
public sealed class ConsulHostileTests : IAsyncDisposable
{
    private const string Web = "/#/consul/dc1/web";
    private const string Books = "/#/consul/dc1/books";
    private const string Good = """[{"Service":{"ID":"a","Address":"10.0.0.1","Port":80},"Checks":[]}]""";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly IDiscoveryNamer _namer;

    public ConsulHostileTests() =>
        _namer = ConsulNamer.Create(
            Naming.Path.Parse("/#/consul"),
            new ConsulNamerOptions { Http = new BackendHttpOptions { Address = new Uri("http://127.0.0.1:8500") } },
            _http,
            _time,
            new Random(1)
        );

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "truncated", Good[..^5], "an answer is not JSON" },
            { "no JSON", "<html>", "an answer is not JSON" },
            { "nested", Nonsense.Nested(5000), "an answer is not JSON" },
            { "of another type", "{}", "an answer of Consul is not a list of instances" },
            { "of another type", "[7]", "an answer of Consul has an instance without a service" },
            {
                "checks of another type",
                """[{"Service":{"Address":"10.0.0.2","Port":80},"Checks":"none"}]""",
                "'Checks' in an answer is no list"
            },
            {
                "no Unicode",
                $$$"""[{"Service":{"Address":"10.0.0.2{{{Nonsense.Surrogate}}}","Port":80}}]""",
                "a text in an answer is no Unicode"
            },
            {
                "no Unicode in a name",
                $$$"""[{"Service":{"{{{Nonsense.Surrogate}}}":1,"Port":80}}]""",
                "a text in an answer is no Unicode"
            },
            {
                "too many",
                "["
                    + string.Join(
                        ",",
                        Enumerable
                            .Range(0, 20_001)
                            .Select(i => $$$"""{"Service":{"Address":"10.1.{{{i / 250}}}.{{{i % 250}}}","Port":80}}""")
                    )
                    + "]",
                "a name has more than 20000 endpoints"
            },
        };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void An_answer_that_makes_no_sense_is_refused_with_the_reason(string what, string body, string problem)
    {
        Assert.NotEmpty(what);
        Know();
        Answer("web", 2, body);
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal($"/#/consul: {problem}", Assert.Single(_namer.Problems).ToString());
        // Others go on, and so does this one when it makes sense again.
        Answer("books", 2, Good.Replace("0.1", "0.2", StringComparison.Ordinal));
        Assert.Equal("10.0.0.2:80", _namer.Ends(Books));
        _time.Advance(500);
        Answer("web", 3, Good.Replace("0.1", "0.3", StringComparison.Ordinal));
        Assert.Equal("10.0.0.3:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Theory]
    [InlineData("""{"Service":{"ID":"x","Address":"10.0.0.2","Port":99999}}""", true)]
    [InlineData("""{"Service":{"ID":"x","Address":"10.0.0.2","Port":1e99}}""", true)]
    [InlineData("""{"Service":{"ID":"x","Address":["10.0.0.2"],"Port":80}}""", true)]
    [InlineData("""{"Service":{"ID":"x","Address":"10.0.0.1","Port":80,"Weights":{"Passing":0}}}""", false)]
    public void One_instance_that_makes_no_sense_does_not_harm_the_others(string instance, bool isTold)
    {
        Know();
        Answer("web", 2, Good.Replace("]}]", "]}," + instance + "]", StringComparison.Ordinal));
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Equal(isTold, _namer.Problems.Count > 0);
    }

    [Theory]
    [InlineData("1e300", "10.0.0.1:80")]
    [InlineData("-1", "10.0.0.1:80")]
    [InlineData("\"NaN\"", "10.0.0.1:80")]
    public void A_weight_out_of_range_counts_as_one(string weight, string endpoints)
    {
        Know();
        Answer(
            "web",
            2,
            $$$"""[{"Service":{"Address":"10.0.0.1","Port":80,"Weights":{"Passing":{{{weight}}}}},"Checks":[]}]"""
        );
        Assert.Equal(endpoints, _namer.Ends(Web));
    }

    [Fact]
    public void Instances_with_the_same_address_are_one_endpoint()
    {
        Know();
        Answer("web", 2, Good.Replace("]}]", "]}," + Good[1..], StringComparison.Ordinal));
        Assert.Equal("10.0.0.1:80*2", _namer.Ends(Web));
    }

    [Fact]
    public void A_large_annotation_is_read_over()
    {
        Know();
        Answer(
            "web",
            2,
            Good.Replace("\"ID\"", Nonsense.Annotation(10 * 1024 * 1024) + ",\"ID\"", StringComparison.Ordinal)
        );
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    private void Know()
    {
        _namer.Ends(Web);
        _namer.Ends(Books);
        _time.Advance(0);
        Answer("web", 1, Good);
        Answer("books", 1, Good);
        Assert.Equal("10.0.0.1:80", _namer.Ends(Web));
        _time.Advance(250);
    }

    private void Answer(string service, int index, string body) =>
        _http.To($"/{service}?").Answer(HttpStatusCode.OK, body, ("X-Consul-Index", $"{index}"));
}
