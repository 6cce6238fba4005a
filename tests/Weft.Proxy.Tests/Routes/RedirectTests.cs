using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>Gateway API, HTTPRequestRedirectFilter. Requests ask for <c>Books:8080</c>, in the clear.</summary>
public class RedirectTests
{
    private static RedirectAnswer Redirect(string redirect) =>
        Routing
            .Table(
                Routing.Route(
                    "r",
                    $"{{matches: [{{path: {{value: /}}}}], filters: [{{type: RequestRedirect, requestRedirect: {redirect}}}]}}"
                )
            )
            .Rules[0]
            .Redirect!;

    [Theory]
    [InlineData("{hostname: b.example}", "http://b.example:8080/a?q=1")]
    [InlineData("{scheme: https}", "https://Books/a?q=1")]
    [InlineData("{scheme: http}", "http://Books/a?q=1")]
    [InlineData("{scheme: https, port: 8443}", "https://Books:8443/a?q=1")]
    [InlineData("{scheme: https, port: 443}", "https://Books/a?q=1")]
    [InlineData("{port: 80}", "http://Books/a?q=1")]
    [InlineData("{port: 443}", "http://Books:443/a?q=1")]
    [InlineData("{path: {type: ReplaceFullPath, replaceFullPath: /new}}", "http://Books:8080/new?q=1")]
    [InlineData("{path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}", "http://Books:8080/v2/a?q=1")]
    public void What_is_not_stated_stays_as_it_was_asked_for(string redirect, string location) =>
        Assert.Equal(location, Redirect(redirect).Location(Routing.Get("/a?q=1"), isTls: false));

    [Theory]
    [InlineData("{hostname: b.example}", "https://b.example:8080/")]
    [InlineData("{port: 443}", "https://Books/")]
    public void The_scheme_is_that_of_the_connection(string redirect, string location) =>
        Assert.Equal(location, Redirect(redirect).Location(Routing.Get("/"), isTls: true));

    [Fact]
    public void A_target_that_names_its_scheme_is_believed() =>
        Assert.Equal(
            "https://b.example/x",
            Redirect("{hostname: b.example}").Location(Routing.Get("https://books/x"), isTls: false)
        );

    [Fact]
    public void A_request_without_host_is_redirected_within_its_server()
    {
        var head = Heads.Request("GET //evil.example/x HTTP/1.0\nx: y");
        Assert.Equal("/evil.example/x", Redirect("{scheme: https}").Location(head, isTls: false));
    }

    [Theory]
    [InlineData("{scheme: https}", 302)]
    [InlineData("{scheme: https, statusCode: 308}", 308)]
    public void The_answer_has_a_status_and_a_location(string redirect, int status)
    {
        var answer = Redirect(redirect).Answer(Routing.Get("/a"), isTls: false);
        Assert.Equal(status, answer.Status);
        Assert.Contains(("location", "https://Books/a"), answer.Fields.Fields);
        Assert.Equal("https://Books/a\n", Encoding.ASCII.GetString(answer.Body.Span));
    }
}
