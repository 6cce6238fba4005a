namespace Weft.Resources.Tests.Documents;

public sealed class RouteDocumentTests
{
    private static readonly RouteDocument Whole = Read("docs-route-whole").Routes[0];

    private static ResourceSet Read(string golden)
    {
        var file = Repository.Folder("tests", "Weft.Resources.Tests", "golden", golden + ".yaml");
        var parse = ResourceSet.Parse([(golden, File.ReadAllText(file))]);
        Assert.Empty(parse.Problems);
        return parse.Set;
    }

    private static RouteRule Rule(string rule)
    {
        var text = $"kind: HTTPRoute\nmetadata: {{name: r}}\nspec: {{parentRefs: [{{name: s}}], rules: [{rule}]}}\n";
        var parse = ResourceSet.Parse([("r.yaml", text)]);
        Assert.Empty(parse.Problems);
        return parse.Set.Routes[0].Rules[0];
    }

    [Fact]
    public void Matches_are_kept_with_header_names_in_lower_case()
    {
        var match = Assert.Single(Whole.Rules[0].Matches);
        Assert.Equal(new PathMatch(PathMatchKind.PathPrefix, "/shop"), match.Path);
        Assert.Equal("GET", match.Method);
        Assert.Equal(
            [
                new ValueMatch(ValueMatchKind.Exact, "x-beta", "1"),
                new ValueMatch(ValueMatchKind.RegularExpression, "user-agent", "curl/.*"),
            ],
            match.Headers
        );
        Assert.Equal([new ValueMatch(ValueMatchKind.Exact, "q", "a b")], match.QueryParams);
    }

    [Fact]
    public void Filters_are_kept()
    {
        var filters = Whole.Rules[0].Filters;
        Assert.Equal([new HeaderValue("x-tier", "gold")], filters.RequestHeaders!.Set);
        Assert.Equal([new HeaderValue("x-seen", "weft")], filters.RequestHeaders.Add);
        Assert.Equal(["x-debug"], filters.RequestHeaders.Remove);
        Assert.Equal([new HeaderValue("cache-control", "no-store")], filters.ResponseHeaders!.Set);
        Assert.Equal(
            new UrlRewrite("books.internal", new PathChange(PathChangeKind.ReplacePrefixMatch, "")),
            filters.Rewrite
        );
        Assert.Equal(
            [new RequestMirror("books-shadow", 0.005), new RequestMirror("books-copy", 0.001)],
            filters.Mirrors
        );
        Assert.Equal(
            new RequestRedirect
            {
                Scheme = "https",
                Hostname = "books.example",
                Port = 8443,
                Path = new PathChange(PathChangeKind.ReplaceFullPath, "/new"),
                Status = 308,
            },
            Whole.Rules[1].Filters.Redirect
        );
    }

    [Fact]
    public void A_backend_may_have_filters_of_its_own()
    {
        var backends = Whole.Rules[0].Backends;
        Assert.Equal(new WeightedBackend("books-v1", 90), backends[0]);
        Assert.Equal(("books-v2", 10), (backends[1].Name, backends[1].Weight));
        Assert.Equal([new HeaderValue("x-version", "2")], backends[1].RequestHeaders!.Set);
    }

    [Fact]
    public void A_time_that_is_not_stated_differs_from_one_without_limit()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(300), Whole.Rules[0].BackendRequestTimeout);
        Assert.Equal(TimeSpan.Zero, Whole.Rules[2].RequestTimeout);
        Assert.Null(Whole.Rules[2].BackendRequestTimeout);
    }

    [Fact]
    public void A_retry_is_laid_over_that_of_the_service()
    {
        var service = new RetriesSpec
        {
            Limit = 5,
            ReplayBuffer = 7,
            Grpc = ["unavailable"],
        };
        var over = Whole.Rules[0].Retry!.Over(service)!;
        Assert.Equal([new StatusRange(500, 500), new StatusRange(503, 503)], over.Statuses);
        Assert.Equal((2, 7L), (over.Limit, over.ReplayBuffer));
        Assert.Equal(["unavailable"], over.Grpc);
        Assert.Equal(
            new BackoffSpec(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), Jitter.Full),
            over.Backoff
        );
        Assert.Equal(new RetriesSpec().On, over.On);
    }

    [Fact]
    public void No_attempts_are_no_retries() => Assert.Null(Whole.Rules[2].Retry!.Over(new RetriesSpec()));

    [Fact]
    public void A_retry_needs_no_retries_of_the_service()
    {
        var rule = Rule("{retry: {on: [reset, 429], methods: all, backoff: {base: 1s, max: 2s, jitter: none}}}");
        var over = rule.Retry!.Over(null)!;
        Assert.Equal([RetryCondition.Reset], over.On);
        Assert.Equal([new StatusRange(429, 429)], over.Statuses);
        Assert.Equal((RetryMethods.All, Jitter.None), (over.Methods, over.Backoff.Jitter));
    }

    [Fact]
    public void Grpc_matches_are_kept()
    {
        const string text = """
            kind: GRPCRoute
            metadata: {name: r}
            spec:
              parentRefs: [{name: s}]
              rules:
                - matches: [{method: {service: shop.Books, method: List}, headers: [{name: A, value: b}]}]
            """;
        var parse = ResourceSet.Parse([("r.yaml", text)]);
        Assert.Empty(parse.Problems);
        var match = parse.Set.Routes[0].Rules[0].Matches[0];
        Assert.Equal(new GrpcMethodMatch(ValueMatchKind.Exact, "shop.Books", "List"), match.GrpcMethod);
        Assert.Equal([new ValueMatch(ValueMatchKind.Exact, "a", "b")], match.Headers);
    }

    [Fact]
    public void Two_readings_of_one_document_are_equal_wherever_it_stands()
    {
        var again = ResourceSet.Parse([
            (
                "other",
                "\n\n"
                    + File.ReadAllText(
                        Repository.Folder("tests", "Weft.Resources.Tests", "golden", "docs-route-whole.yaml")
                    )
            ),
        ]);
        Assert.Equal(Whole, again.Set.Routes[0]);
    }
}
