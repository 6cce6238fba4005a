namespace Weft.Resources.Tests.Sets;

public sealed class RoutesOfServiceTests
{
    private static readonly ResourceSet Set = ResourceSet
        .Parse([
            (
                "routes.yaml",
                """
                kind: HTTPRoute
                metadata: {name: b}
                spec: {parentRefs: [{name: books}, {name: "*"}], rules: [{}]}
                ---
                kind: HTTPRoute
                metadata: {name: a}
                spec: {parentRefs: [{name: books}], rules: [{}]}
                ---
                kind: HTTPRoute
                metadata: {name: stem}
                spec: {parentRefs: [{name: "books*"}, {name: authors}], rules: [{}]}
                ---
                kind: GRPCRoute
                metadata: {name: grpc}
                spec: {parentRefs: [{name: authors}], rules: [{}]}
                ---
                kind: FaultInjection
                metadata: {name: fault}
                spec: {parentRefs: [{name: "books*"}], abort: {status: 503}}
                """
            ),
        ])
        .Set;

    private static string RoutesOf(string name) =>
        string.Join(' ', Set.RoutesOf(Naming.Path.Parse(name)).Select(r => r.Name));

    [Theory]
    [InlineData("/svc/books", "a b")]
    [InlineData("/svc/books-eu", "stem")]
    [InlineData("/svc/other", "b")]
    [InlineData("/svc", "")]
    public void The_best_fitting_parent_decides_alone(string name, string routes) =>
        Assert.Equal(routes, RoutesOf(name));

    [Fact]
    public void A_grpc_route_wins_over_http_routes() => Assert.Equal("grpc", RoutesOf("/svc/authors"));

    [Fact]
    public void Faults_are_found_as_routes_are()
    {
        Assert.Equal("fault", Assert.Single(Set.FaultsOf(Naming.Path.Parse("/svc/books"))).Name);
        Assert.Empty(Set.FaultsOf(Naming.Path.Parse("/svc/authors")));
    }
}
