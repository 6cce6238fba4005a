using Weft.Resources;

namespace Weft.Control.Tests.Preview;

/// <summary>The precedence that proxies follow (Gateway API, HTTPRouteRule.matches and GRPCRouteRule.matches), as a list.</summary>
public sealed class RuleOrderTests
{
    [Theory]
    [InlineData("path: {type: Exact, value: /a}", "path: {type: RegularExpression, value: /a}")]
    [InlineData("path: {type: RegularExpression, value: /a.*}", "path: {value: /a/b/c}")]
    [InlineData("path: {value: /a/b}", "path: {value: /a}, method: GET, headers: [{name: x, value: '1'}]")]
    [InlineData("path: {value: /a}", "path: {value: /}, method: GET")]
    [InlineData(
        "path: {value: /a}, method: GET",
        "path: {value: /a}, headers: [{name: x, value: '1'}, {name: y, value: '1'}]"
    )]
    [InlineData(
        "headers: [{name: x, value: '1'}, {name: y, value: '1'}]",
        "headers: [{name: x, value: '1'}], queryParams: [{name: q, value: '1'}]"
    )]
    [InlineData(
        "headers: [{name: x, value: '1'}], queryParams: [{name: q, value: '1'}]",
        "headers: [{name: x, value: '1'}]"
    )]
    [InlineData("queryParams: [{name: q, value: '1'}]", "path: {value: /}")]
    public void the_more_specific_match_comes_first_wherever_it_stands(string first, string second)
    {
        Assert.Equal(["r/one", "r/two"], Order(Http("r", ("one", first), ("two", second))));
        Assert.Equal(["r/one", "r/two"], Order(Http("r", ("two", second), ("one", first))));
    }

    [Theory]
    [InlineData("service: a.B, method: C", "service: a.B")]
    [InlineData("type: RegularExpression, service: a.B, method: C", "type: RegularExpression, service: a.*")]
    [InlineData("service: a.B", "method: C")]
    public void the_more_specific_method_comes_first(string first, string second)
    {
        string Rule(string name, string method) => $"name: {name}, matches: [{{method: {{{method}}}}}]";
        var route = Bench.Route("r", Rule("two", second), Rule("one", first)).Replace("HTTPRoute", "GRPCRoute");
        Assert.Equal(["r/one", "r/two"], Order(route));
    }

    [Fact]
    public void of_equally_specific_ones_the_first_document_of_the_alphabet_wins_and_then_the_first_rule()
    {
        const string match = "path: {value: /a}";
        Assert.Equal(
            ["a/z", "a/y", "b"],
            Order(Bench.Route("b", $"matches: [{{{match}}}]"), Http("a", ("z", match), ("y", match)))
        );
    }

    private static string Http(string name, params (string Name, string Match)[] rules) =>
        Bench.Route(name, [.. rules.Select(r => $"name: {r.Name}, matches: [{{{r.Match}}}]")]);

    private static IEnumerable<string> Order(params string[] routes) =>
        RuleOrder.Of(Bench.Set(routes).RoutesOf(Naming.Path.Parse("/svc/books"))).Entries.Select(e => e.Label);
}
