using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy.Tests;

public class ReferenceTests
{
    private static readonly string[] s_paths = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c", "/b", "/b/a"];
    private static readonly string[] s_expressions = ["/a.*", "/[ab]", ".*"];
    private static readonly string[] s_methods = ["GET", "PUT"];
    private static readonly string[] s_names = ["x", "y", "user-agent"];
    private static readonly string[] s_values = ["1", "2", "a b"];

    /// <summary>Small alphabets, so that many matches fit one request and the order between them is put to the test.</summary>
    [Fact]
    public void The_index_takes_the_rule_that_the_specification_names()
    {
        var random = new LoopRandom(20_251_126);
        for (var round = 0; round < 400; round++)
        {
            var routes = Enumerable.Range(0, 1 + random.Next(3)).Select(i => Route($"r{i}", random)).ToArray();
            var table = new RouteTable(routes, ServiceSpec.Default);
            for (var i = 0; i < 50; i++)
            {
                var call = Call(random);
                _ = table.TryMatch(Request(call), out var rule, out _);
                var expected = ReferenceMatcher.Find(routes, call);
                Assert.True(
                    expected == (rule?.Index ?? -1),
                    $"{call} takes {rule?.Index}, not {expected}, in {string.Join('\n', routes.SelectMany(r => r.Rules))}"
                );
            }
        }
    }

    private static HttpRouteDocument Route(string name, LoopRandom random) =>
        new HttpRouteDocument
        {
            Name = name,
            Parents = ["books"],
            Rules =
            [
                .. Enumerable
                    .Range(0, 1 + random.Next(6))
                    .Select(_ => new RouteRule
                    {
                        Matches = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Match(random))],
                    }),
            ],
        };

    private static RouteMatch Match(LoopRandom random) =>
        new()
        {
            Path = random.Next(10) switch
            {
                0 or 1 => null,
                2 => new PathMatch(PathMatchKind.RegularExpression, Any(s_expressions, random)),
                3 or 4 or 5 => new PathMatch(PathMatchKind.Exact, Any(s_paths, random)),
                _ => new PathMatch(PathMatchKind.PathPrefix, Any(s_paths, random)),
            },
            Method = random.Next(3) == 0 ? Any(s_methods, random) : null,
            Headers = Values(random),
            QueryParams = Values(random),
        };

    private static ValueList<ValueMatch> Values(LoopRandom random) =>
        [
            .. s_names
                .Where(_ => random.Next(5) == 0)
                .Select(name =>
                    random.Next(8) == 0
                        ? new ValueMatch(ValueMatchKind.RegularExpression, name, "[12]")
                        : new ValueMatch(ValueMatchKind.Exact, name, Any(s_values, random))
                ),
        ];

    private static ReferenceMatcher.Call Call(LoopRandom random) =>
        new(
            Any(s_methods, random),
            Any(s_paths, random),
            s_names.Where(_ => random.Next(2) == 0).ToDictionary(n => n, _ => Any(s_values, random)),
            s_names.Where(_ => random.Next(2) == 0).ToDictionary(n => n, _ => Any(s_values, random))
        );

    private static Http.RequestHead Request(ReferenceMatcher.Call call) =>
        Routing.Request(
            call.Method,
            call.Query.Count == 0
                ? call.Path
                : $"{call.Path}?{string.Join('&', call.Query.Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}"))}",
            [.. call.Headers.Select(h => $"{h.Key}: {h.Value}")]
        );

    private static string Any(string[] choices, LoopRandom random) => choices[random.Next(choices.Length)];
}
