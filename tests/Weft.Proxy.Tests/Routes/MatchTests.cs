namespace Weft.Proxy.Tests;

/// <summary>What each condition of a match fits.</summary>
public class MatchTests
{
    [Theory]
    [InlineData("/abc", "/abc", true)]
    [InlineData("/abc", "/abc/", true)]
    [InlineData("/abc", "/abc/def", true)]
    [InlineData("/abc", "/abcd", false)]
    [InlineData("/abc", "/ABC", false)]
    [InlineData("/abc", "/abc?x", true)]
    [InlineData("/abc", "/?/abc", false)]
    [InlineData("/abc/", "/abc", true)]
    [InlineData("/abc/", "/abc/def", true)]
    [InlineData("/abc/", "/abcd", false)]
    [InlineData("/", "/anything", true)]
    public void A_prefix_is_compared_by_segments(string prefix, string path, bool fits) =>
        Assert.Equal(fits ? "r/0" : "no-route", Routing.Matches($"{{path: {{value: {prefix}}}}}").Taken(path));

    [Theory]
    [InlineData("/abc", "/abc", true)]
    [InlineData("/abc", "/abc?x=y", true)]
    [InlineData("/abc", "/abc/", false)]
    [InlineData("/abc", "/abc/d", false)]
    [InlineData("/abc/", "/abc", false)]
    [InlineData("/%7Ebob", "/~bob", true)]
    [InlineData("/caf%c3%a9", "/caf%C3%A9", true)]
    public void An_exact_path_is_compared_whole(string value, string path, bool fits) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing.Matches($"{{path: {{type: Exact, value: \"{value}\"}}}}").Taken(path)
        );

    [Theory]
    [InlineData("/v[0-9]+/.*", "/v1/books", true)]
    [InlineData("/v[0-9]+/.*", "/v1", false)]
    [InlineData("/a|/b", "/b", true)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("(a+)+/", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void An_expression_must_fit_the_whole_path(string value, string path, bool fits) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing.Matches($"{{path: {{type: RegularExpression, value: \"{value}\"}}}}").Taken(path)
        );

    [Fact]
    public void A_long_path_is_compared_with_an_expression_too()
    {
        var table = Routing.Matches("{path: {type: RegularExpression, value: \"(/a*)+z\"}}");
        var path = "/" + new string('a', 5000);
        Assert.Equal("no-route", table.Taken(path));
        Assert.Equal("r/0", table.Taken(path + "z"));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("get", false)]
    [InlineData("HEAD", false)]
    public void The_case_of_methods_counts(string method, bool fits) =>
        Assert.Equal(fits ? "r/0" : "no-route", Routing.Matches("{method: GET}").Taken(Routing.Request(method, "/")));

    [Theory]
    [InlineData("1", true, "X-Beta: 1")]
    [InlineData("1", false, "x-beta: 2")]
    [InlineData("1", false, "x-other: 1")]
    [InlineData("1", false, "x-beta: 1", "x-beta: 2")]
    [InlineData("1, 2", true, "x-beta: 1", "x-other: 3", "x-beta: 2")]
    [InlineData("1, 2", false, "x-beta: 1", "x-beta: 2", "x-beta: 3")]
    [InlineData("1, 2, 3", false, "x-beta: 1", "x-beta: 2")]
    [InlineData("größe", true, "x-beta: gr\u00c3\u00b6\u00c3\u009fe")]
    public void A_header_that_comes_several_times_is_one_value(string value, bool fits, params string[] headers) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing.Matches($"{{headers: [{{name: X-Beta, value: \"{value}\"}}]}}").Taken("/", headers)
        );

    [Theory]
    [InlineData("curl/.*", true, "user-agent: curl/8.0")]
    [InlineData("curl/.*", false, "user-agent: not curl/8.0")]
    [InlineData(".*", false, "x: y")]
    [InlineData("a, b", true, "user-agent: a", "user-agent: b")]
    [InlineData("g.+e", true, "user-agent: gr\u00c3\u00b6\u00c3\u009fe")]
    public void A_header_may_be_compared_with_an_expression(string value, bool fits, params string[] headers) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing
                .Matches($"{{headers: [{{type: RegularExpression, name: User-Agent, value: \"{value}\"}}]}}")
                .Taken("/", headers)
        );

    [Theory]
    [InlineData("/?q=a%20b", true)]
    [InlineData("/?q=a+b", true)]
    [InlineData("/?x=1&q=a%20b&y", true)]
    [InlineData("/?%71=a%20b", true)]
    [InlineData("/?q=a%20b&q=c", true)]
    [InlineData("/?q=c&q=a%20b", false)]
    [InlineData("/?q=a%20bc", false)]
    [InlineData("/?q=a%20", false)]
    [InlineData("/?q=a%2", false)]
    [InlineData("/?Q=a%20b", false)]
    [InlineData("/?q", false)]
    [InlineData("/?", false)]
    [InlineData("/", false)]
    public void A_query_parameter_is_compared_decoded_and_the_first_counts(string path, bool fits) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing.Matches("{queryParams: [{name: q, value: \"a b\"}]}").Taken(path)
        );

    [Theory]
    [InlineData("/?q=a%62c", true)]
    [InlineData("/?q=c", false)]
    [InlineData("/?q=%zz", false)]
    public void A_query_parameter_may_be_compared_with_an_expression(string path, bool fits) =>
        Assert.Equal(
            fits ? "r/0" : "no-route",
            Routing.Matches("{queryParams: [{type: RegularExpression, name: q, value: \"a.c\"}]}").Taken(path)
        );

    [Fact]
    public void An_empty_value_is_a_value()
    {
        var table = Routing.Matches("{queryParams: [{name: q, value: \"\"}]}");
        Assert.Equal("r/0", table.Taken("/?q"));
        Assert.Equal("r/0", table.Taken("/?q="));
        Assert.Equal("no-route", table.Taken("/?q=1"));
    }
}
