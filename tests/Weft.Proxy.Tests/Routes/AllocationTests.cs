using Weft.Resilience;

namespace Weft.Proxy.Tests;

public class AllocationTests
{
    [Fact]
    public void Choosing_and_following_a_route_allocates_nothing()
    {
        var rules = Enumerable
            .Range(0, 500)
            .Select(i =>
                $"{{name: p{i}, matches: [{{path: {{value: /p{i}}}}}, {{path: {{type: Exact, value: /e{i}}}}}], backendRefs: [{{name: a, weight: 1}}, {{name: b, weight: 2}}]}}"
            )
            .Append(
                "{name: rich, matches: [{path: {value: /rich}, method: GET, headers: [{name: x, value: \"1, 2\"}, {name: user-agent, value: c}], queryParams: [{name: q, value: \"a b\"}]}], filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: y}], remove: [z]}}, {type: URLRewrite, urlRewrite: {hostname: h, path: {type: ReplacePrefixMatch, replacePrefixMatch: /poor}}}]}"
            )
            .ToArray();
        var table = Routing.Table(Routing.Route("r", rules));
        var plain = Routing.Get("/p499/books?x=y");
        var exact = Routing.Get("/e250");
        var none = Routing.Get("/nowhere/at/all");
        var odd = Routing.Get("/x/../p7/%61?q=a+b");
        var rich = Routing.Get("/rich/a?r=s&q=a%20b", "x: 1", "user-agent: c", "x: 2", "z: 3");
        Assert.Equal("r/rich", table.Taken(rich));
        var random = new LoopRandom(1);

        long Run(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                _ = table.TryMatch(plain, out var rule, out _);
                _ = rule!.Choose(random);
                _ = table.TryMatch(exact, out _, out _);
                _ = table.TryMatch(none, out _, out _);
                odd.SetPath("/x/../p7/%61?q=a+b"u8);
                _ = table.TryMatch(odd, out _, out _);
                rich.SetPath("/rich/a?r=s&q=a%20b"u8);
                _ = table.TryMatch(rich, out rule, out _);
                rule?.Rewrite!.Apply(rich);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Run(100);
        Assert.Equal(0, Run(1000));
    }
}
