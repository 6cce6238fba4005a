using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy.Tests;

/// <summary>What a rule says beside its matches.</summary>
public class RuleTests
{
    private static CompiledRule Rule(string rule, string service = "{}") =>
        Routing.Table(Routing.Route("r", rule) + $"kind: Service\nmetadata: {{name: books}}\nspec: {service}\n").Rules[
            0
        ];

    [Fact]
    public void Backends_get_their_shares()
    {
        var rule = Rule("{backendRefs: [{name: a, weight: 90}, {name: never, weight: 0}, {name: b, weight: 10}]}");
        Assert.Equal(["a", "b"], rule.Backends.Select(b => b.Name));
        var random = new LoopRandom(7);
        var b = Enumerable.Range(0, 10_000).Count(_ => rule.Choose(random) == 1);
        Assert.InRange(b, 850, 1150);
    }

    [Fact]
    public void A_backend_lies_below_the_first_label_of_its_service()
    {
        var backend = Assert.Single(Rule("{backendRefs: [{name: shop/books-v1}]}").Backends);
        Assert.Equal("/host/shop/books-v1", backend.PathFor(Naming.Path.Of("host", "books")).ToString());
    }

    [Fact]
    public void A_rule_without_backends_goes_to_the_service_itself()
    {
        var backend = Assert.Single(Rule("{}").Backends);
        Assert.Same(CompiledBackend.Self, backend);
        Assert.Equal(Routing.Books, backend.PathFor(Routing.Books));
    }

    [Fact]
    public void Times_of_the_rule_are_laid_over_those_of_the_service()
    {
        const string service = "{timeouts: {request: 2s, attempt: 1s, idle: 9s}}";
        var rule = Rule("{timeouts: {request: 0s, backendRequest: 300ms}}", service);
        Assert.Null(rule.Timeouts.Request);
        Assert.Equal(TimeSpan.FromMilliseconds(300), rule.Timeouts.Attempt);
        Assert.Equal(TimeSpan.FromSeconds(9), rule.Timeouts.Idle);
        Assert.Equal(TimeSpan.FromSeconds(2), Rule("{}", service).Timeouts.Request);
    }

    [Fact]
    public void Retries_of_the_rule_are_laid_over_those_of_the_service()
    {
        const string service = "{retries: {limit: 5, methods: all}}";
        var retries = Rule("{retry: {attempts: 1, codes: [503]}}", service).Retries!;
        Assert.Equal((1, RetryMethods.All), (retries.Limit, retries.Methods));
        Assert.Null(Rule("{retry: {attempts: 0}}", service).Retries);
        Assert.Equal(5, Rule("{}", service).Retries!.Limit);
        Assert.Null(Rule("{}").Retries);
    }

    [Fact]
    public void Mirrors_take_their_share()
    {
        var rule = Rule(
            "{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: all}}}, {type: RequestMirror, requestMirror: {backendRef: {name: some}, percent: 10}}, {type: RequestMirror, requestMirror: {backendRef: {name: none}, percent: 0}}]}"
        );
        var random = new LoopRandom(3);
        int Copies(int mirror) => Enumerable.Range(0, 10_000).Count(_ => rule.Mirrors[mirror].Takes(random));
        Assert.Equal(10_000, Copies(0));
        Assert.InRange(Copies(1), 850, 1150);
        Assert.Equal(0, Copies(2));
        Assert.Equal("/svc/some", rule.Mirrors[1].PathFor(Routing.Books).ToString());
    }

    [Fact]
    public void Names_with_the_same_routes_share_a_table()
    {
        var tables = Routing.Tables(
            "kind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: \"*\"}], rules: [{}]}\n"
        );
        Assert.Same(tables.RoutesOf(Naming.Path.Of("svc", "a")), tables.RoutesOf(Naming.Path.Of("svc", "b")));
    }
}
