using System.Net;
using static Weft.Discovery.Tests.Kubernetes.KubernetesServer;

namespace Weft.Discovery.Tests.Kubernetes;

public sealed class KubernetesNamerTests : IAsyncDisposable
{
    private const string Web = "/#/kubernetes/shop/http/web";

    private readonly VirtualTime _time = new();
    private readonly ScriptedHttp _http = new();
    private readonly IDiscoveryNamer _namer;

    public KubernetesNamerTests() => _namer = Create(http => http);

    public ValueTask DisposeAsync() => _namer.DisposeAsync();

    private IDiscoveryNamer Create(Func<BackendHttpOptions, BackendHttpOptions> change) =>
        KubernetesNamer.Create(
            Naming.Path.Parse("/#/kubernetes"),
            new KubernetesNamerOptions
            {
                Http = change(new BackendHttpOptions { Address = new Uri("https://10.0.0.1:6443") }),
            },
            _http,
            _time,
            new Random(1)
        );

    private void Ask(string path)
    {
        _namer.Ends(path);
        _time.Advance(0);
    }

    /// <summary>Knows one service with a port <c>http</c>, 80, and the slices that are given; returns the watches.</summary>
    private (ScriptedStream Services, ScriptedStream Slices) Know(params string[] slices)
    {
        Ask(Web);
        return Answer(slices);
    }

    private (ScriptedStream Services, ScriptedStream Slices) Answer(params string[] slices)
    {
        _http.To(Services + "?limit").Answer(List(10, Service("web", ("http", 80), ("admin", 9990))));
        _http.To(Slices + "?limit").Answer(List(20, slices));
        return (_http.To(Services + "?watch").Stream(), _http.To(Slices + "?watch").Stream());
    }

    private string Problem => Assert.Single(_namer.Problems).ToString();

    [Fact]
    public void A_namespace_is_listed_and_then_watched_from_the_version_of_the_list()
    {
        Assert.Equal("pending", _namer.Name(Web));
        _time.Advance(0);
        Assert.Equal([$"/{Services}?limit=500", $"/{Slices}?limit=500"], _http.Requests.Select(r => r.Url));
        _http.To(Services).Answer(List(10, Service("web", ("http", 80))));
        Assert.Equal("pending", _namer.Name(Web));
        _http.To(Slices).Answer(List(20, Slice("web-1", "web", "http", 8080, "10.1.0.1", "10.1.0.2")));
        Assert.Equal($"{Web} [/x]", _namer.Name(Web + "/x"));
        Assert.Equal("10.1.0.1:8080 10.1.0.2:8080", _namer.Ends(Web));
        Assert.Contains("?watch=1&allowWatchBookmarks=true&resourceVersion=10&", _http.To(Services).Url);
        Assert.Contains("&resourceVersion=20&timeoutSeconds=", _http.To(Slices).Url);
        var known = Assert.IsType<Naming.EndpointSet.Known>(_namer.Endpoints(Naming.Path.Parse(Web)));
        Assert.Equal("a n1", $"{known.Endpoints[0].Metadata["zone"]} {known.Endpoints[0].Metadata["node"]}");
    }

    [Theory]
    [InlineData("/#/kubernetes/shop/80/web", "10.1.0.1:8080")]
    [InlineData("/#/kubernetes/shop/admin/web", "$")]
    [InlineData("/#/kubernetes/shop/9990/web", "$")]
    [InlineData("/#/kubernetes/shop/8080/web", "~")]
    [InlineData("/#/kubernetes/shop/grpc/web", "~")]
    [InlineData("/#/kubernetes/shop/http/books", "~")]
    public void A_port_is_its_name_or_the_services_number_for_it(string path, string endpoints)
    {
        Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        Assert.Equal(endpoints, _namer.Ends(path));
        Assert.Equal(endpoints == "~" ? "~" : path, _namer.Name(path));
    }

    [Fact]
    public void Changes_are_taken_in_as_they_come()
    {
        var (services, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        slices.Push(Event("ADDED", Slice("web-2", "web", "http", 8080, "10.1.0.2")));
        Assert.Equal("10.1.0.1:8080 10.1.0.2:8080", _namer.Ends(Web));
        slices.Push(Event("MODIFIED", Slice("web-1", "web", "http", 8080, "10.1.0.1!", "10.1.0.3?")));
        Assert.Equal("10.1.0.2:8080 10.1.0.3:8080", _namer.Ends(Web));
        slices.Push(Event("DELETED", Slice("web-2", "web", "http", 8080)));
        Assert.Equal("10.1.0.3:8080", _namer.Ends(Web));
        services.Push(Event("DELETED", Service("web")));
        Assert.Equal("~", _namer.Name(Web));
    }

    [Fact]
    public void A_pod_with_addresses_of_two_families_is_one_endpoint()
    {
        Know(
            Slice("web-4", "web", "http", 8080, "10.1.0.1"),
            Slice("web-6", "web", "http", 8080, "fd00::1"),
            Slice("web-5", "web", "http", 8080, "10.1.0.1")
        );
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
    }

    [Fact]
    public void Pages_are_followed_and_count_together()
    {
        Ask(Web);
        _http.To(Services).Answer(List(10, Service("web", ("http", 80))));
        _http.To(Slices).Answer(Page("a b", Slice("web-1", "web", "http", 8080, "10.1.0.1")));
        Assert.Equal("pending", _namer.Ends(Web));
        Assert.EndsWith("?limit=500&continue=a%20b", _http.To(Slices).Url);
        _time.Advance(TimeSpan.FromSeconds(9));
        _http.To(Slices).Answer(List(20, Slice("web-2", "web", "http", 8080, "10.1.0.2")));
        Assert.Equal("10.1.0.1:8080 10.1.0.2:8080", _namer.Ends(Web));
    }

    [Fact]
    public void A_page_that_does_not_come_is_a_failure_and_a_list_that_is_gone_is_begun_again()
    {
        Ask(Web);
        _http.To(Slices).Answer(HttpStatusCode.Gone, "");
        _time.Advance(500);
        Assert.Equal(3, _http.Requests.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("failed: /#/kubernetes: no answer came in time", _namer.Name(Web));
    }

    [Fact]
    public void A_watch_that_ends_or_breaks_goes_on_where_it_was()
    {
        var (_, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        slices.Push(Bookmark(70));
        slices.End();
        _time.Advance(1000);
        Assert.Contains("resourceVersion=70&", _http.Last.Url);
        slices = _http.Last.Stream();
        slices.Push(Event("ADDED", Slice("web-2", "web", "http", 8080, "10.1.0.2")));
        slices.Break(new IOException("reset"));
        _time.Advance(1000);
        Assert.Contains("resourceVersion=6&", _http.Last.Url);
        Assert.Empty(_namer.Problems);
        Assert.Equal("10.1.0.1:8080 10.1.0.2:8080", _namer.Ends(Web));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_version_that_is_gone_means_listing_again_and_what_is_not_listed_is_gone(bool inStream)
    {
        var (_, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1", "10.1.0.2"));
        if (inStream)
        {
            slices.Push(Error(410, "too old resource version"));
        }
        else
        {
            slices.End();
            _time.Advance(1000);
            _http.Last.Answer(HttpStatusCode.Gone, "");
        }
        Assert.Equal("10.1.0.1:8080 10.1.0.2:8080", _namer.Ends(Web));
        _time.Advance(1500);
        _http.To(Slices + "?limit").Answer(List(90, Slice("web-9", "web", "http", 8080, "10.1.0.2")));
        Assert.Equal("10.1.0.2:8080", _namer.Ends(Web));
        Assert.Contains("resourceVersion=90&", _http.Last.Url);
        Assert.Empty(_namer.Problems);
    }

    [Theory]
    [InlineData("{]\n", "an answer is not JSON")]
    [InlineData("{\"type\":\"ADDED\"}\n", "an event of Kubernetes is of no object")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{}}\n", "an object of Kubernetes has no name")]
    [InlineData("{\"type\":\"EXPLODED\",\"object\":{}}\n", "an event of Kubernetes has the type 'EXPLODED'")]
    public void Nonsense_in_a_watch_keeps_what_was_known_and_everything_is_listed_again(string line, string problem)
    {
        var (_, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        slices.Push(line);
        Assert.Equal("/#/kubernetes: " + problem, Problem);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
        _time.Advance(500);
        Answer(Slice("web-1", "web", "http", 8080, "10.1.0.3"));
        Assert.Equal("10.1.0.3:8080", _namer.Ends(Web));
        Assert.Empty(_namer.Problems);
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        var (_, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        for (var i = 0; i < 8 && !slices.IsDisposed; i++)
        {
            slices.Push([.. Enumerable.Repeat((byte)'x', 1024 * 1024)]);
        }
        Assert.Equal("/#/kubernetes: an answer is larger than 4194304 bytes", Problem);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
    }

    [Fact]
    public void A_server_that_is_frozen_is_noticed_when_it_does_not_end_its_watch()
    {
        Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(_namer.Problems);
        _time.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal("/#/kubernetes: no answer came in time", Problem);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
    }

    [Fact]
    public void A_server_that_goes_away_keeps_what_was_known_until_it_is_listed_again()
    {
        var (_, slices) = Know(Slice("web-1", "web", "http", 8080, "10.1.0.1"));
        slices.Break(new IOException("reset"));
        _time.Advance(1000);
        _http.Last.Fail();
        Assert.Equal("/#/kubernetes: no route to host", Problem);
        _time.Advance(500);
        _http.To(Services).Answer(HttpStatusCode.Forbidden, """{"message":"services is forbidden"}""");
        Assert.Equal("/#/kubernetes: it answered 403 Forbidden: {\"message\":\"services is forbidden\"}", Problem);
        Assert.Equal("10.1.0.1:8080", _namer.Ends(Web));
    }

    [Fact]
    public async Task The_token_of_the_file_is_sent()
    {
        using var folder = new TempFolder();
        var path = folder.Write("token", "s3cret\n");
        await using var namer = Create(http => http with { TokenFile = path });
        namer.Ends(Web);
        _time.Advance(0);
        Assert.Contains("Authorization: Bearer s3cret", _http.Last.Headers);
    }

    [Theory]
    [InlineData("/#/kubernetes/../http/web")]
    [InlineData("/#/kubernetes/\\x61\\x2f\\x62/http/web")]
    public void No_name_leads_elsewhere_at_the_server(string path)
    {
        Assert.StartsWith("failed: ", _namer.Name(path));
        _time.Advance(0);
        Assert.Empty(_http.Requests);
    }

    [Fact]
    public void A_pod_finds_its_server_in_its_surroundings()
    {
        var inside = KubernetesNamerOptions.Default(name =>
            name.EndsWith("HOST", StringComparison.Ordinal) ? "fd00::1" : "443"
        );
        Assert.Equal("https://[fd00::1]/", inside.Address.AbsoluteUri);
        Assert.NotNull(inside.TokenFile);
        Assert.NotNull(inside.CaFile);
        Assert.Equal("http://127.0.0.1:8001/", KubernetesNamerOptions.Default(_ => null).Address.AbsoluteUri);
    }
}
