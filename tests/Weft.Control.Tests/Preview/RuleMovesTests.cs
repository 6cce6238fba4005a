using Weft.Resources;

namespace Weft.Control.Tests.Preview;

/// <summary>Which rules the requests of a rule would take when routes change.</summary>
public sealed class RuleMovesTests
{
    private const string V2 = "name: v2, matches: [{path: {value: /v2}}], backendRefs: [{name: v2}]";

    private const string Rest = "name: rest, backendRefs: [{name: v1}]";

    private const string Beta =
        "name: beta, matches: [{path: {value: /v2}, headers: [{name: x-beta, value: '1'}]}], backendRefs: [{name: books}]";

    [Fact]
    public void a_rule_that_nothing_precedes_anew_keeps_its_requests()
    {
        Assert.Equal(["r/v2"], Then([V2, Rest], [V2, Rest], "r/v2"));
        Assert.Equal(["r/v2"], Then([V2], [V2, Rest], "r/v2"));
        Assert.Equal(["r/v2"], Then([V2, Rest], [Rest, V2], "r/v2"));
        Assert.Equal(
            ["r/rest"],
            Then([V2, Rest], [V2, Rest, "name: new, matches: [{path: {value: /v2/x}}]"], "r/rest")
        );
    }

    [Fact]
    public void a_more_specific_rule_may_take_some_and_it_is_said_which()
    {
        Assert.Equal(["r/beta", "r/v2"], Then([V2, Rest], [V2, Rest, Beta], "r/v2", out var reasons));
        Assert.Equal(["which of them fit rule r/beta: header x-beta: 1"], reasons);
    }

    [Fact]
    public void requests_of_a_rule_that_goes_take_the_next_one_that_fits()
    {
        Assert.Equal(["r/rest"], Then([V2, Rest], [Rest], "r/v2"));
        Assert.Equal(["r/v2"], Then([Beta, V2, Rest], [V2, Rest], "r/beta"));
        Assert.Equal(["none"], Then([V2, Rest], ["name: else, matches: [{path: {value: /x}}]"], "r/v2"));
        Assert.Equal(["alone"], Then([V2, Rest], [], "r/v2"));
    }

    [Fact]
    public void rules_for_other_paths_methods_and_values_take_none()
    {
        string[] others =
        [
            "name: a, matches: [{path: {value: /v3}}]",
            "name: b, matches: [{path: {type: Exact, value: /v2x}}]",
            "name: c, matches: [{path: {type: Exact, value: /v2}, method: POST}]",
            "name: d, matches: [{path: {value: /v2}, headers: [{name: x-a, value: '2'}]}]",
            "name: e, matches: [{path: {value: /v2}, queryParams: [{name: q, value: '2'}]}]",
        ];
        const string get =
            "name: get, matches: [{path: {value: /v2}, method: GET, headers: [{name: x-a, value: '1'}], queryParams: [{name: q, value: '1'}]}]";
        Assert.Equal(["r/get"], Then([get, Rest], [get, Rest, .. others], "r/get"));
    }

    [Fact]
    public void a_match_that_was_before_it_takes_no_more_than_it_took()
    {
        // What fits beta was taken by beta: v2's own requests do not fit it, wherever it leads now.
        const string elsewhere =
            "name: moved, matches: [{path: {value: /v2}, headers: [{name: x-beta, value: '1'}]}], backendRefs: [{name: v1}]";
        Assert.Equal(["r/v2"], Then([Beta, V2, Rest], [elsewhere, V2, Rest], "r/v2"));
        // Nor do they fit a wider one within their own path.
        const string wide =
            "name: wide, matches: [{path: {type: Exact, value: /v2}, headers: [{name: x-beta, value: '1'}]}]";
        Assert.Equal(["r/v2"], Then([Beta, V2, Rest], [Beta, wide, V2, Rest], "r/v2"));
    }

    [Fact]
    public void expressions_are_tried_on_what_is_known()
    {
        const string exact =
            "name: exact, matches: [{path: {type: Exact, value: /v2/list}, headers: [{name: x, value: abc}]}]";
        const string fits =
            "name: fits, matches: [{path: {type: Exact, value: /v2/list}, headers: [{name: x, value: 'a.c', type: RegularExpression}, {name: y, value: '1'}]}]";
        const string other =
            "name: other, matches: [{path: {type: Exact, value: /v2/list}, headers: [{name: x, value: 'b.*', type: RegularExpression}, {name: y, value: '1'}]}]";
        Assert.Equal(["r/exact"], Then([exact], [exact, other], "r/exact"));
        Assert.Equal(["r/fits", "r/exact"], Then([exact], [exact, fits], "r/exact"));
    }

    [Fact]
    public void requests_that_took_no_rule_take_a_new_one_that_fits_everything()
    {
        Assert.Equal(["none"], Then([V2], [V2], "default"));
        Assert.Equal(["r/rest"], Then([V2], [V2, Rest], "default"));
        Assert.Equal(["r/rest"], Then([], [Rest], "default"));
        Assert.Equal(["r/v2", "none"], Then([], [V2], "default"));
    }

    [Fact]
    public void rules_without_names_are_told_apart_only_where_it_makes_no_difference()
    {
        string[] now = [V2.Replace("name: v2, m", "m"), Rest.Replace("name: rest, b", "b")];
        var bench = new Bench();
        string[] documents = [Bench.Namer, Bench.Dtab(Bench.Direct)];
        var stays = bench.Line(
            [.. documents, Bench.Route("r", now)],
            [.. documents, Bench.Route("r", now), Bench.Service("x", "timeouts: {request: 1s}")],
            Bench.Seen(route: "r")
        );
        Assert.Equal((Verdict.Stays, 2), (stays.Verdict, stays.Cases.Length));

        now[1] = now[1].Replace("v1", "books");
        var open = bench.Line(
            [.. documents, Bench.Route("r", V2.Replace("name: v2, m", "m"), Rest.Replace("name: rest, b", "b"))],
            [.. documents, Bench.Route("r", now)],
            Bench.Seen(route: "r")
        );
        Assert.Equal(Verdict.Uncertain, open.Verdict);
        Assert.Contains(open.DependsOn, d => d.StartsWith("which of 2 rules they took", StringComparison.Ordinal));
    }

    [Fact]
    public void routes_that_changed_within_the_window_tell_nothing_of_the_rule()
    {
        var bench = new Bench { Unsettled = [new DocumentKey("HTTPRoute", "r")] };
        string[] documents = [Bench.Namer, Bench.Dtab(Bench.Direct)];
        var line = bench.Line(
            [.. documents, Bench.Route("r", V2, Rest)],
            [.. documents, Bench.Route("r", V2, Rest.Replace("v1", "books"))],
            Bench.Seen(route: "r/v2")
        );
        Assert.Equal(Verdict.Uncertain, line.Verdict);
        Assert.Contains(line.DependsOn, d => d.Contains("have changed since", StringComparison.Ordinal));
    }

    [Fact]
    public void a_route_that_metrics_name_and_nobody_knows_may_be_any()
    {
        Assert.Equal(["r/v2", "r/rest", "none"], Then([V2, Rest], [V2, Rest], "gone", out var reasons));
        Assert.Equal(["which rule they take now: there is none that metrics call gone"], reasons);
    }

    [Fact]
    public void methods_of_grpc_are_paths()
    {
        const string list =
            "name: list, matches: [{method: {service: shop.Books, method: List}}], backendRefs: [{name: v1}]";
        const string books = "name: books, matches: [{method: {service: shop.Books}}], backendRefs: [{name: v2}]";
        const string get = "name: get, matches: [{method: {method: Get}}], backendRefs: [{name: v1}]";
        Assert.Equal(["r/list"], Then([list, books], [list, books, get], "r/list", grpc: true));
        Assert.Equal(["r/books"], Then([list, books], [books, get], "r/list", grpc: true));
        Assert.Equal(["r/books"], Then([list, books], [list, books, get], "r/books", grpc: true));
    }

    [Fact]
    public void more_rules_than_are_compared_are_said_to_be_so()
    {
        var moves = RuleMoves.Of(
            RuleOrder.Of(Routes([V2, Rest])),
            RuleOrder.Of(Routes([Rest])),
            "r/v2",
            isSettled: true,
            new PreviewBudget(1)
        );
        Assert.Equal(RulePick.Untold, Assert.Single(moves.Moves).Then);
        Assert.Contains("more rules than are compared", Assert.Single(moves.DependsOn), StringComparison.Ordinal);
    }

    private static IReadOnlyList<RouteDocument> Routes(string[] rules, bool grpc = false)
    {
        if (rules.Length == 0)
        {
            return [];
        }

        var route = Bench.Route("r", rules);
        return Bench
            .Set(grpc ? route.Replace("HTTPRoute", "GRPCRoute") : route)
            .RoutesOf(Naming.Path.Parse("/svc/books"));
    }

    private static string[] Then(string[] now, string[] then, string route, bool grpc = false) =>
        Then(now, then, route, out _, grpc);

    private static string[] Then(string[] now, string[] then, string route, out string[] reasons, bool grpc = false)
    {
        var (before, after) = RuleOrder.Of(Routes(now, grpc), Routes(then, grpc));
        var moves = RuleMoves.Of(before, after, route, isSettled: true, new PreviewBudget());
        reasons = [.. moves.DependsOn];
        return
        [
            .. moves
                .Moves.Select(m => m.Then.Label ?? (m.Then.Kind is RulePickKind.None ? "none" : "alone"))
                .Distinct(),
        ];
    }
}
