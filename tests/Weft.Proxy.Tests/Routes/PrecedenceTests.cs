namespace Weft.Proxy.Tests;

/// <summary>Gateway API, HTTPRouteRule.matches: which of several matches that fit wins.</summary>
public class PrecedenceTests
{
    [Fact]
    public void An_exact_path_wins_over_an_expression_and_that_over_a_prefix()
    {
        var table = Routing.Matches(
            "{path: {value: /a/b}}",
            "{path: {type: RegularExpression, value: \"/a/.*\"}}",
            "{path: {type: Exact, value: /a/b}}"
        );
        Assert.Equal("r/2", table.Taken("/a/b"));
        Assert.Equal("r/1", table.Taken("/a/b/c"));
    }

    [Fact]
    public void The_longest_prefix_wins_wherever_it_stands()
    {
        var table = Routing.Matches("{path: {value: /}}", "{path: {value: /a/b}}", "{path: {value: /a}}");
        Assert.Equal("r/1", table.Taken("/a/b/c"));
        Assert.Equal("r/2", table.Taken("/a/c"));
        Assert.Equal("r/0", table.Taken("/c"));
    }

    [Fact]
    public void A_prefix_wins_over_conditions_on_a_shorter_one()
    {
        var table = Routing.Matches(
            "{path: {value: /a}, method: GET, headers: [{name: x, value: \"1\"}]}",
            "{path: {value: /a/b}}"
        );
        Assert.Equal("r/1", table.Taken("/a/b", "x: 1"));
    }

    [Fact]
    public void A_method_wins_over_headers()
    {
        var table = Routing.Matches("{headers: [{name: x, value: \"1\"}, {name: y, value: \"2\"}]}", "{method: GET}");
        Assert.Equal("r/1", table.Taken("/", "x: 1", "y: 2"));
        Assert.Equal("r/0", table.Taken(Routing.Request("PUT", "/", "x: 1", "y: 2")));
    }

    [Fact]
    public void More_headers_win_over_fewer_and_over_query_parameters()
    {
        var table = Routing.Matches(
            "{headers: [{name: x, value: \"1\"}], queryParams: [{name: p, value: q}, {name: r, value: s}]}",
            "{headers: [{name: x, value: \"1\"}, {name: y, value: \"2\"}]}"
        );
        Assert.Equal("r/1", table.Taken("/?p=q&r=s", "x: 1", "y: 2"));
        Assert.Equal("r/0", table.Taken("/?p=q&r=s", "x: 1"));
    }

    [Fact]
    public void More_query_parameters_win_over_fewer()
    {
        var table = Routing.Matches(
            "{queryParams: [{name: p, value: q}]}",
            "{queryParams: [{name: p, value: q}, {name: r, value: s}]}"
        );
        Assert.Equal("r/1", table.Taken("/?p=q&r=s"));
        Assert.Equal("r/0", table.Taken("/?p=q&r=t"));
    }

    [Fact]
    public void Of_two_routes_the_first_in_the_alphabet_wins_and_of_two_rules_the_first()
    {
        const string rules = "{name: one, matches: [{path: {value: /a}}]}";
        var table = Routing.Table(
            Routing.Route("b", rules) + Routing.Route("a", rules, "{name: two, matches: [{path: {value: /a}}]}")
        );
        Assert.Equal("a/one", table.Taken("/a"));
    }

    [Fact]
    public void A_more_specific_match_of_a_later_route_wins()
    {
        var table = Routing.Table(
            Routing.Route("a", "{matches: [{path: {value: /a}}]}")
                + Routing.Route("b", "{matches: [{path: {value: /a}, method: GET}]}")
        );
        Assert.Equal("b", table.Taken("/a"));
    }

    [Fact]
    public void When_the_most_specific_path_does_not_fit_otherwise_the_next_one_is_taken()
    {
        var table = Routing.Matches(
            "{path: {type: Exact, value: /a/b}, method: PUT}",
            "{path: {value: /a/b}, headers: [{name: x, value: \"1\"}]}",
            "{path: {value: /a}}"
        );
        Assert.Equal("r/1", table.Taken("/a/b", "x: 1"));
        Assert.Equal("r/2", table.Taken("/a/b"));
    }

    [Fact]
    public void A_rule_is_taken_when_any_of_its_matches_fits()
    {
        var table = Routing.Matches("{path: {value: /a}}, {path: {value: /b}, method: PUT}");
        Assert.Equal("r/0", table.Taken("/a"));
        Assert.Equal("no-route", table.Taken("/b"));
    }

    [Fact]
    public void A_rule_without_matches_takes_what_is_left()
    {
        var table = Routing.Table(Routing.Route("r", "{name: rest}", "{name: a, matches: [{path: {value: /a}}]}"));
        Assert.Equal("r/rest", table.Taken("/b"));
        Assert.Equal("r/rest", table.Taken(Heads.Request("OPTIONS * HTTP/1.1\nhost: books")));
        Assert.Equal("r/a", table.Taken("/a"));
    }

    [Fact]
    public void A_name_without_routes_has_no_table() =>
        Assert.Null(Routing.Tables(Routing.Route("r", "{}")).RoutesOf(Naming.Path.Of("svc", "authors")));
}
