using Weft.Naming;

namespace Weft.Control.Tests.Preview;

/// <summary>Where calls go when dtabs, namers and backends change.</summary>
public sealed class DestinationTests
{
    private const string Split = Bench.Direct + " /svc/books => 9 * /#/file/v1 & 1 * /#/file/v2 ;";

    private readonly Bench _bench = new();

    [Fact]
    public void a_shifted_dtab_moves_the_difference_of_shares()
    {
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab(Split)],
            [Bench.Namer, Bench.Dtab(Split.Replace("9 *", "1 *"))]
        );

        Assert.Equal("90% /#/file/v1 & 10% /#/file/v2 -> 50% /#/file/v1 & 50% /#/file/v2", Bench.Text(line));
        Assert.Equal(Verdict.Changes, line.Verdict);
        Assert.Equal(0.4, line.Moved!.Value, 9);
        Assert.Equal(0, line.Lost);
        Assert.Equal([new DocumentKey("Dtab", "default")], line.Touched);
    }

    [Theory]
    [InlineData("/svc/books => /#/file/nobody ; /svc/books => ~ | ! ", "100% NoBinding")]
    [InlineData("/svc/books => !", "100% NoBinding")]
    [InlineData("/svc/books => $", "100% NoEndpoints")]
    [InlineData("/svc/books => /#/file/none", "100% /#/file/none")]
    public void calls_that_would_lose_their_destination_would_fail(string entry, string then)
    {
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab(Bench.Direct)],
            [Bench.Namer, Bench.Dtab($"{Bench.Direct} {entry}")]
        );

        Assert.Equal($"100% /#/file/books -> {then}", Bench.Text(line));
        Assert.Equal((Verdict.Fails, 1.0, 1.0), (line.Verdict, line.Moved, line.Lost));
    }

    [Fact]
    public void a_share_without_endpoints_is_lost_and_no_more()
    {
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab(Split)],
            [Bench.Namer, Bench.Dtab(Split.Replace("/#/file/v2", "/#/file/none"))]
        );

        Assert.Equal(Verdict.Fails, line.Verdict);
        Assert.Equal(0.1, line.Lost!.Value, 9);
    }

    [Fact]
    public void calls_that_fail_and_go_on_failing_are_not_lost()
    {
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab("/svc => !")],
            [Bench.Namer, Bench.Dtab("/svc => /#/file/none")]
        );
        Assert.Equal((Verdict.Changes, 0.0), (line.Verdict, line.Lost));
    }

    [Fact]
    public void an_entry_for_somebody_else_touches_nothing()
    {
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab(Bench.Direct)],
            [Bench.Namer, Bench.Dtab($"{Bench.Direct} /svc/authors => ! ;")]
        );
        Assert.Equal(Verdict.Stays, line.Verdict);
        Assert.False(line.IsTouched);
        Assert.Empty(line.Touched);
    }

    [Fact]
    public void what_is_not_known_yet_is_never_guessed()
    {
        var bench = new Bench
        {
            Names = new ScriptedNames()
                .With("/#/file/books", 1)
                .Answering("/#/file/slow", NameState.Pending.Instance)
                .Answering("/#/file/slower", NameState.Pending.Instance)
                .WithPending("/#/file/new"),
        };
        string[] slow = [Bench.Namer, Bench.Dtab("/svc => /#/file/slow ;")];
        foreach (var name in (string[])["slow", "slower", "new"])
        {
            var line = bench.Line(
                [Bench.Namer, Bench.Dtab(Bench.Direct)],
                [Bench.Namer, Bench.Dtab($"/svc => /#/file/{name} ;")]
            );
            Assert.Equal((Verdict.Uncertain, (double?)null), (line.Verdict, line.Moved));
            Assert.Contains("not resolved yet", Assert.Single(line.DependsOn), StringComparison.Ordinal);
        }

        // Two names that are not known need not be the same.
        var other = bench.Line(slow, [Bench.Namer, Bench.Dtab("/svc => /#/file/slower ;")]);
        Assert.Equal(Verdict.Uncertain, other.Verdict);
        // The same question to the same namer has the same answer, whatever it is.
        var same = bench.Line(slow, [.. slow, Bench.Service("authors", "timeouts: {request: 1s}")]);
        Assert.Equal(Verdict.Stays, same.Verdict);
    }

    [Fact]
    public void a_namer_with_other_endpoints_is_another_way_to_the_same_name()
    {
        string[] now = [Bench.Namer, Bench.Dtab(Bench.Direct)];
        string[] then = [Bench.Namer.Replace("/disco", "/other"), Bench.Dtab(Bench.Direct)];
        var moved = new Bench { NamesThen = new ScriptedNames().With("/#/file/books", 9) }.Line(now, then);
        var same = new Bench { NamesThen = new ScriptedNames().With("/#/file/books", 1) }.Line(now, then);
        var gone = new Bench { NamesThen = new ScriptedNames() }.Line(now, then);

        Assert.Equal((Verdict.Changes, Verdict.Stays, Verdict.Fails), (moved.Verdict, same.Verdict, gone.Verdict));
        Assert.Equal([new DocumentKey("Namer", "file")], moved.Touched);
    }

    [Fact]
    public void a_name_that_comes_and_goes_while_it_is_looked_at_is_no_change()
    {
        var flips = new FlippingNames();
        var set = Bench.Set(Bench.Namer, Bench.Dtab(Bench.Direct));
        var then = Bench.Set(Bench.Namer, Bench.Dtab(Bench.Direct + " /svc/authors => !"));
        var worlds = new PreviewWorlds(set, then, _ => (flips, flips));
        var service = Naming.Path.Parse("/svc/books");

        Assert.True(worlds.BindNow("default", service).IsSameAs(worlds.BindThen("default", service)));
        Assert.Equal((1, 1), (flips.Lookups, flips.Asked));
    }

    [Fact]
    public void two_listeners_that_would_differ_make_it_uncertain()
    {
        string[] now = [Bench.Namer, Bench.Dtab(Bench.Direct), Bench.Dtab(Bench.Direct, "other")];
        string[] then = [Bench.Namer, Bench.Dtab("/svc => /#/file/v1 ;"), Bench.Dtab(Bench.Direct, "other")];
        var line = _bench.Line(now, then, Bench.Seen(dtabs: ["default", "other"]));

        Assert.Equal(Verdict.Uncertain, line.Verdict);
        Assert.Equal(["which listener they come by: its names are bound by Dtab default or other"], line.DependsOn);
    }

    [Fact]
    public void names_that_metrics_do_not_tell_apart_are_uncertain_unless_nothing_changes()
    {
        string[] now = [Bench.Namer, Bench.Dtab(Bench.Direct)];
        var other = Bench.Seen("other");
        Assert.Equal(Verdict.Stays, _bench.Line(now, now, other).Verdict);
        Assert.Equal(
            Verdict.Uncertain,
            _bench.Line(now, [.. now, Bench.Service("x", "timeouts: {request: 1s}")], other).Verdict
        );
    }

    [Fact]
    public void a_logical_name_of_another_first_label_is_bound_as_it_is()
    {
        string[] now = [Bench.Namer, Bench.Dtab("/foo => /#/file ;")];
        string[] then = [Bench.Namer, Bench.Dtab("/foo => /#/file/v1 ;")];
        Assert.Equal(
            "100% /#/file/books -> 100% /#/file/v1",
            Bench.Text(_bench.Line(now, then, Bench.Seen("/foo/books")))
        );
    }

    [Fact]
    public void backends_share_the_requests_of_their_rule_and_each_is_bound()
    {
        string[] now =
        [
            Bench.Namer,
            Bench.Dtab(Bench.Direct),
            Bench.Route("canary", "backendRefs: [{name: v1, weight: 9}, {name: v2}, {name: books, weight: 0}]"),
        ];
        string[] then = [Bench.Namer, Bench.Dtab(Bench.Direct), Bench.Route("canary", "backendRefs: [{name: v2}]")];
        var line = _bench.Line(now, then, Bench.Seen(route: "canary"));

        Assert.Equal("90% /#/file/v1 & 10% /#/file/v2 -> 100% /#/file/v2", Bench.Text(line));
        Assert.Equal([new DocumentKey("HTTPRoute", "canary")], line.Touched);
    }

    [Fact]
    public void a_redirection_is_an_end_of_its_own()
    {
        const string redirect =
            "filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: shop.example, statusCode: 301}}]";
        var line = _bench.Line(
            [Bench.Namer, Bench.Dtab(Bench.Direct), Bench.Route("away", "name: x")],
            [Bench.Namer, Bench.Dtab(Bench.Direct), Bench.Route("away", $"name: x, {redirect}")],
            Bench.Seen(route: "away/x")
        );
        Assert.Equal("100% /#/file/books -> 100% 301 https://shop.example", Bench.Text(line));
        Assert.Equal(Verdict.Changes, line.Verdict);
    }

    [Fact]
    public void the_worst_comes_first()
    {
        var lines = _bench.Lines(
            Bench.Set(Bench.Namer, Bench.Dtab(Bench.Direct)),
            Bench.Set(Bench.Namer, Bench.Dtab("/svc => /#/file ; /svc/books => ! ; /svc/v1 => /#/file/v2 ;")),
            Bench.Seen("v2", requests: 1000),
            Bench.Seen("v1"),
            Bench.Seen(requests: 1),
            Bench.Seen(requests: 7, caller: "cron")
        );
        Assert.Equal(
            [("books", "cron"), ("books", "web"), ("v1", "web"), ("v2", "web")],
            lines.Select(l => (l.Calls.Service, l.Calls.Caller))
        );
    }

    /// <summary>Says something else each time.</summary>
    private sealed class FlippingNames : INamer, IEndpointSource
    {
        public int Lookups { get; private set; }

        public int Asked { get; private set; }

        public NameState Lookup(Naming.Path path) =>
            ++Lookups % 2 == 1 ? NameState.Bound(path, Naming.Path.Root) : NameState.Neg;

        public EndpointSet Endpoints(Naming.Path concreteName) =>
            ++Asked % 2 == 1 ? EndpointSet.Known.Empty : EndpointSet.Neg.Instance;
    }
}
