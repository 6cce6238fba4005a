using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Weft.Resources;
using ValueMatch = Weft.Resources.ValueMatch;

namespace Weft.Control.Tests.Preview;

/// <summary>What holds for any documents, calls and requests.</summary>
public sealed class PreviewProperties
{
    private static readonly string[] s_services = ["a", "b", "c"];

    private static readonly Gen<ValueMatch> s_header = Gen.Elements(
        new ValueMatch(ValueMatchKind.Exact, "x", "1"),
        new ValueMatch(ValueMatchKind.Exact, "x", "2"),
        new ValueMatch(ValueMatchKind.RegularExpression, "x", "1|2"),
        new ValueMatch(ValueMatchKind.Exact, "y", "1")
    );

    private static readonly Gen<PathMatch?> s_path = Gen.Elements<PathMatch?>(
        null,
        new PathMatch(PathMatchKind.PathPrefix, "/"),
        new PathMatch(PathMatchKind.PathPrefix, "/a"),
        new PathMatch(PathMatchKind.PathPrefix, "/a/b/"),
        new PathMatch(PathMatchKind.Exact, "/a"),
        new PathMatch(PathMatchKind.Exact, "/a/%62"),
        new PathMatch(PathMatchKind.RegularExpression, "/a.*"),
        new PathMatch(PathMatchKind.RegularExpression, "/[ab]")
    );

    private static readonly Gen<RouteMatch> s_match =
        from path in s_path
        from method in Gen.Elements<string?>(null, null, "GET", "POST")
        from headers in Gen.ListOf(s_header, 2)
        from query in Gen.Elements<ValueMatch?>(null, null, new ValueMatch(ValueMatchKind.Exact, "q", "1"))
        select new RouteMatch
        {
            Path = path,
            Method = method,
            Headers = [.. headers.DistinctBy(h => h.Name)],
            QueryParams = query is null ? [] : [query],
        };

    private static readonly Gen<Request> s_request =
        from path in Gen.Elements("/", "/a", "/a/b", "/a/b/c", "/ab", "/b")
        from method in Gen.Elements("GET", "POST")
        from x in Gen.Elements<string?>(null, "1", "2", "3")
        from y in Gen.Elements<string?>(null, "1")
        from q in Gen.Elements<string?>(null, "1", "2")
        select new Request(path, method, x, y, q);

    private static Gen<RouteDocument[]> Routes =>
        from documents in Gen.Choose(0, 2)
        from rules in Gen.ListOf(Rule, documents * 2)
        select rules
            .Chunk(2)
            .Select(
                (two, i) =>
                    (RouteDocument)
                        new HttpRouteDocument
                        {
                            Name = $"r{i}",
                            Parents = ["a"],
                            Rules = [.. two.Select((r, j) => r with { Name = $"{j}" })],
                        }
            )
            .ToArray();

    private static Gen<RouteRule> Rule =>
        from matches in Gen.ListOf(s_match, 2)
        from backends in Gen.ListOf(Gen.Elements(s_services), 2)
        from weight in Gen.Choose(0, 3)
        select new RouteRule
        {
            Matches = [.. matches],
            Backends = [.. backends.Select((b, i) => new WeightedBackend(b, weight + i))],
        };

    private static Gen<ResourceSet> Set =>
        from entries in Gen.ListOf(
            Gen.Elements(
                "/svc/a => /#/file/books",
                "/svc/a => 3 * /#/file/v1 & /#/file/v2 & /#/file/gone",
                "/svc/b => /#/file/v1 | /#/file/v2",
                "/svc/b => $",
                "/svc/c => ! ",
                "/svc/c => 0.5 * /svc/a & 1.5 * /#/file/none",
                "/svc => /#/file"
            ),
            4
        )
        from routes in Routes
        from timeout in Gen.Choose(1, 2)
        select Combined(
            Bench.Set(
                Bench.Namer,
                Bench.Dtab(string.Join(" ; ", entries)),
                Bench.Service("a", $"timeouts: {{request: {timeout}s}}")
            ),
            routes
        );

    private static Gen<SeenCalls[]> Calls =>
        from services in Gen.ListOf(Gen.Elements("a", "b", "c", "other", "/x", "nobody"), 3)
        from routes in Gen.ListOf(Gen.Elements("default", "r0/0", "r0/1", "r1/0", "gone"), 3)
        from requests in Gen.Choose(0, 1000)
        select services.Zip(routes, (s, r) => Bench.Seen(s, r, requests)).ToArray();

    [Fact]
    public void an_unchanged_set_never_shows_a_changed_line() =>
        Check(
            from set in Set
            from calls in Calls
            select (set, calls),
            given =>
                Assert.All(
                    new Bench().Lines(given.set, given.set, given.calls),
                    line => Assert.Equal((Verdict.Stays, false), (line.Verdict, line.IsTouched))
                )
        );

    [Fact]
    public void shares_add_up_to_1_and_the_four_sums_to_all_requests() =>
        Check(
            from now in Set
            from then in Set
            from calls in Calls
            select (now, then, calls),
            given =>
            {
                var lines = new Bench().Lines(given.now, given.then, given.calls);
                foreach (var one in lines.SelectMany(l => l.Cases))
                {
                    Assert.Equal(1, one.Now.Shares.Sum(s => s.Share), 9);
                    Assert.Equal(1, one.Then.Shares.Sum(s => s.Share), 9);
                    Assert.True(one.Now.LostIn(one.Then) <= one.Now.MovedTo(one.Then) + 1e-9);
                }

                var sum = PreviewAnswers.SummaryOf(lines);
                Assert.Equal(given.calls.Sum(c => c.Requests), sum.Requests);
                Assert.Equal(sum.Requests, sum.Stay + sum.Change + sum.Fail + sum.Uncertain);
                Assert.All([sum.Stay, sum.Change, sum.Fail, sum.Uncertain], n => Assert.True(n >= 0));
            }
        );

    [Fact]
    public void a_request_takes_one_of_the_rules_that_were_said() =>
        Check(
            from now in Routes
            from then in Routes
            from request in s_request
            select (now, then, request),
            given =>
            {
                var (before, after) = (Take(given.now, given.request), Take(given.then, given.request));
                var label = before.Label ?? RuleMoves.DefaultRoute;
                var (rulesNow, rulesThen) = RuleOrder.Of(given.now, given.then);
                var moves = RuleMoves.Of(rulesNow, rulesThen, label, isSettled: true, new PreviewBudget());
                Assert.Contains(moves.Moves, m => m.Now == before && m.Then == after);
            },
            runs: 3000
        );

    [Fact]
    public void matches_that_never_meet_have_no_request_in_common_and_one_that_covers_has_all() =>
        Check(
            from one in s_match
            from other in s_match
            from request in s_request
            select (one, other, request),
            given =>
            {
                var (one, other) = (new MatchForm(given.one), new MatchForm(given.other));
                var (fits, fitsOther) = (given.request.Fits(given.one), given.request.Fits(given.other));
                Assert.False(fits && fitsOther && !one.MayMeet(other));
                Assert.False(fitsOther && !fits && one.Covers(other));
                Assert.Equal(one.MayMeet(other), other.MayMeet(one));
            },
            runs: 3000
        );

    private static RulePick Take(RouteDocument[] routes, Request request)
    {
        if (routes.Length == 0)
        {
            return RulePick.Alone;
        }

        var matches =
            from route in routes
            from rule in route.Rules
            from match in rule.Matches
            select (Entry: new RuleEntry(new MatchForm(match), rule, $"{route.Name}/{rule.Name}"), Match: match);
        var first = matches.OrderBy(m => m.Entry.Form.Order).Where(m => request.Fits(m.Match)).ToArray();
        return first.Length == 0 ? RulePick.None : RulePick.Of(first[0].Entry);
    }

    private static ResourceSet Combined(ResourceSet set, RouteDocument[] routes) =>
        ResourceSet
            .Combine([new ResourceReading("set", set.All, [], []), new ResourceReading("routes", routes, [], [])])
            .Set;

    private static void Check<T>(Gen<T> gen, Action<T> property, int runs = 300) =>
        Prop.ForAll(gen.ToArbitrary(), property)
            .Check(
                Config
                    .QuickThrowOnFailure.WithMaxTest(runs)
                    .WithReplay(
                        new Replay(new Rnd(20_261_126, 1_000_003), Microsoft.FSharp.Core.FSharpOption<int>.None)
                    )
            );

    /// <summary>A request as matches see it, and what fits it, written without what is tested.</summary>
    private sealed record Request(string Path, string Method, string? X, string? Y, string? Q)
    {
        public bool Fits(RouteMatch match) =>
            FitsPath(match.Path)
            && (match.Method is null || match.Method == Method)
            && match.Headers.All(h => FitsValue(h, h.Name == "x" ? X : Y))
            && match.QueryParams.All(q => FitsValue(q, Q));

        private bool FitsPath(PathMatch? path) =>
            path switch
            {
                null => true,
                { Kind: PathMatchKind.Exact } => Path == path.Value.Replace("%62", "b"),
                { Kind: PathMatchKind.PathPrefix } => $"{Path}/".StartsWith(
                    $"{path.Value.TrimEnd('/')}/",
                    StringComparison.Ordinal
                ),
                _ => Regex.IsMatch(Path, $"^(?:{path.Value})$", RegexOptions.None, TimeSpan.FromSeconds(1)),
            };

        private static bool FitsValue(ValueMatch match, string? value) =>
            value is not null
            && (
                match.Kind == ValueMatchKind.Exact
                    ? value == match.Value
                    : Regex.IsMatch(value, $"^(?:{match.Value})$", RegexOptions.None, TimeSpan.FromSeconds(1))
            );
    }
}
