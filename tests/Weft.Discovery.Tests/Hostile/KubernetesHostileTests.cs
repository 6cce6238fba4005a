using static Weft.Discovery.Tests.Kubernetes.KubernetesServer;

namespace Weft.Discovery.Tests.Hostile;

/// <summary>Whatever an API server says, an object that makes no sense harms no other, and a list that makes none withdraws nothing.</summary>
public sealed class KubernetesHostileTests : IAsyncDisposable
{
    private const string Web = "/#/kubernetes/shop/http/web";
    private const string Books = "/#/kubernetes/shop/http/books";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly IDiscoveryNamer _namer;

    public KubernetesHostileTests() =>
        _namer = KubernetesNamer.Create(
            Naming.Path.Parse("/#/kubernetes"),
            new KubernetesNamerOptions { Http = new BackendHttpOptions { Address = new Uri("https://10.0.0.1:6443") } },
            _http,
            _time,
            new Random(1)
        );

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private static string WebSlice => Slice("web-1", "web", "http", 8080, "10.1.0.1");

    private static string BooksSlice => Slice("books-1", "books", "http", 8080, "10.2.0.1");

    public static TheoryData<string, string, string> Objects =>
        new()
        {
            {
                "of another type",
                WebSlice.Replace("\"ports\":[", "\"ports\":7,\"x\":[", StringComparison.Ordinal),
                "the slice web-1 makes no sense: 'ports' in an answer is no list"
            },
            {
                "half a character",
                WebSlice.Replace("10.1.0.1", Nonsense.Surrogate, StringComparison.Ordinal),
                "the slice web-1 makes no sense: a text in an answer is no Unicode"
            },
            {
                "too many",
                Slice(
                    "web-1",
                    "web",
                    "http",
                    8080,
                    [.. Enumerable.Range(0, 20_001).Select(i => $"10.3.{i / 250}.{i % 250}")]
                ),
                "the endpoints of web makes no sense: a name has more than 20000 endpoints"
            },
        };

    [Theory]
    [MemberData(nameof(Objects), DisableDiscoveryEnumeration = true)]
    public void An_object_that_makes_no_sense_keeps_what_was_known_of_it_and_the_others_are_followed(
        string what,
        string slice,
        string problem
    )
    {
        Assert.NotEmpty(what);
        Ask();
        var slices = Answer(WebSlice, BooksSlice);
        slices.Push(Event("MODIFIED", slice));
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
        Assert.Equal("/#/kubernetes: " + problem, Problem);
        slices.Push(Event("MODIFIED", BooksSlice.Replace("10.2.0.1", "10.2.0.2", StringComparison.Ordinal)));
        Assert.Equal("10.2.0.2:8080", _namer.Ends(Books));
        slices.Push(Bookmark(40));
        Assert.Equal("/#/kubernetes: " + problem, Problem);
        slices.Push(Event("MODIFIED", WebSlice.Replace("10.1.0.1", "10.1.0.2", StringComparison.Ordinal)));
        Assert.Equal("10.1.0.2:8080", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"90"}}""", "a list of Kubernetes has no items")]
    [InlineData("""{"metadata":{"resourceVersion":"90"},"items":{}}""", "'items' in an answer is no list")]
    [InlineData("""{"metadata":{"resourceVersion":"90"},"items":[{}]}""", "an object of Kubernetes has no name")]
    [InlineData("""{"metadata":{},"items":[]}""", "a list of Kubernetes has no version")]
    [InlineData("""{"items":[]}""", "a list of Kubernetes has no metadata")]
    [InlineData("""{"metadata":{"resourceVersion":"90"},"items":[""", "an answer is not JSON")]
    [InlineData("[]", "a list of Kubernetes has no metadata")]
    public void A_list_that_makes_no_sense_withdraws_nothing(string list, string problem)
    {
        Ask();
        Answer(WebSlice, BooksSlice).Push(Error(410, "too old"));
        _time.Advance(1500);
        _http.To(Slices + "?limit").Answer(list);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
        Assert.Equal("/#/kubernetes: " + problem, Problem);
        _time.Advance(TimeSpan.FromSeconds(2));
        Answer(WebSlice.Replace("10.1.0.1", "10.1.0.2", StringComparison.Ordinal), BooksSlice);
        Assert.Equal("10.1.0.2:8080", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Theory]
    [InlineData("\"addresses\":[\"10.1.0.1\"]", "\"addresses\":[\"nowhere\"]")]
    [InlineData("\"number\":8080", "\"number\":0")]
    [InlineData("\"addresses\":[\"10.1.0.1\"]", "\"addresses\":[7]")]
    public void An_endpoint_that_is_none_is_left_out(string before, string after)
    {
        Ask();
        var slice = WebSlice.Replace("\"port\":8080", "\"number\":8080", StringComparison.Ordinal);
        slice = slice.Replace(before, after, StringComparison.Ordinal);
        Answer(slice.Replace("\"number\"", "\"port\"", StringComparison.Ordinal), BooksSlice);
        Assert.Equal("$", _namer.Ends(Web));
        Assert.Equal("10.2.0.1:8080", _namer.Ends(Books));
    }

    [Fact]
    public void A_large_annotation_in_a_list_is_read_over_and_in_a_change_refused()
    {
        Ask();
        var large = WebSlice.Replace(
            "\"labels\"",
            Nonsense.Annotation(10 * 1024 * 1024) + ",\"labels\"",
            StringComparison.Ordinal
        );
        var slices = Answer(large, BooksSlice);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
        slices.Push(Event("MODIFIED", large));
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
        Assert.Equal("/#/kubernetes: an answer is larger than 4194304 bytes", Problem);
        _time.Advance(500);
        Answer(large, BooksSlice.Replace("10.2.0.1", "10.2.0.2", StringComparison.Ordinal));
        Assert.Equal("10.2.0.2:8080", _namer.Ends(Books));
        Assert.Empty(_namer.Problems);
    }

    private string Problem => Assert.Single(_namer.Problems).ToString();

    private void Ask()
    {
        _namer.Ends(Web);
        _namer.Ends(Books);
        _time.Advance(0);
    }

    private ScriptedStream Answer(params string[] slices)
    {
        // Only what is asked for: after a list that was refused both are read again.
        if (!_http.To(Services + "?limit").Answered.IsCompleted)
        {
            _http
                .To(Services + "?limit")
                .Answer(List(10, Service("web", ("http", 80)), Service("books", ("http", 80))));
        }
        _http.To(Slices + "?limit").Answer(List(20, slices));
        return _http.To(Slices + "?watch").Stream();
    }
}
