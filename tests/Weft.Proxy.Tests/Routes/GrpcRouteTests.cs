namespace Weft.Proxy.Tests;

/// <summary>Gateway API, GRPCRouteRule.matches.</summary>
public class GrpcRouteTests
{
    private static readonly RouteTable s_table = Routing.Table(
        """
        kind: GRPCRoute
        metadata: {name: r}
        spec:
          parentRefs: [{name: books}]
          rules:
            - {name: rest}
            - {name: method, matches: [{method: {method: List}}]}
            - {name: service, matches: [{method: {service: shop.Books}}]}
            - {name: beta, matches: [{method: {service: shop.Books}, headers: [{name: x, value: "1"}]}]}
            - {name: both, matches: [{method: {service: shop.Books, method: List}}]}
            - {name: expression, matches: [{method: {type: RegularExpression, service: "shop[.].*", method: "G.*"}}]}
        """
    );

    [Theory]
    [InlineData("/shop.Books/List", "r/both")]
    [InlineData("/shop.Books/Put", "r/service")]
    [InlineData("/shop.Books/Get", "r/expression")]
    [InlineData("/shop.Authors/Get", "r/expression")]
    [InlineData("/shop.Authors/List", "r/method")]
    [InlineData("/shop.Authors/Put", "r/rest")]
    [InlineData("/shop.BooksOfOld/Put", "r/rest")]
    public void Service_and_method_win_over_service_and_that_over_method(string path, string taken) =>
        Assert.Equal(taken, s_table.Taken(path));

    [Fact]
    public void Headers_decide_between_matches_of_one_service()
    {
        Assert.Equal("r/beta", s_table.Taken("/shop.Books/Put", "x: 1"));
        Assert.Equal("r/both", s_table.Taken("/shop.Books/List", "x: 1"));
    }
}
