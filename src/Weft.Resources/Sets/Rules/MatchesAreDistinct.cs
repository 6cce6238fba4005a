namespace Weft.Resources;

/// <summary>
/// Of two matches for the same requests to one service, the second in precedence never takes any: a warning. More specific matches come
/// first wherever they stand, so that only two that are equally specific, or an expression that fits every path, can be in one another's way.
/// </summary>
internal sealed class MatchesAreDistinct : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        Check(
            subject.Resources.OfType<HttpRouteDocument>(),
            route => route.Parents,
            route => route.Rules.SelectMany(MatchesOf),
            findings
        );
        Check(
            subject.Resources.OfType<GrpcRouteDocument>(),
            route => route.Parents,
            route => route.Rules.SelectMany(MatchesOf),
            findings
        );
        Check(
            subject.Resources.OfType<FaultInjectionDocument>(),
            fault => fault.Parents,
            fault => fault.Matches.Count > 0 ? fault.Matches : [RouteMatch.All with { Origin = fault.Origin }],
            findings
        );
    }

    private static IEnumerable<RouteMatch> MatchesOf(RouteRule rule) =>
        rule.Matches.Count > 0 ? rule.Matches : [RouteMatch.All with { Origin = rule.Origin }];

    private static void Check<T>(
        IEnumerable<T> documents,
        Func<T, ValueList<string>> parents,
        Func<T, IEnumerable<RouteMatch>> matches,
        Findings findings
    )
        where T : Resource
    {
        var reported = new HashSet<(string, int, int)>();
        var byParent = documents
            .SelectMany(d => parents(d).Distinct(StringComparer.Ordinal).Select(parent => (parent, d)))
            .GroupBy(entry => entry.parent, entry => entry.d, StringComparer.Ordinal);
        foreach (var group in byParent)
        {
            var first = new Dictionary<RouteMatch, RouteMatch>();
            var greedy = new List<RouteMatch>();
            var all = group.OrderBy(d => d.Name, StringComparer.Ordinal).SelectMany(matches).ToArray();
            foreach (var match in all)
            {
                var form = FormOf(match);
                _ = first.TryAdd(form, match);
                if (TakesAnyPath(form))
                {
                    greedy.Add(match);
                }
            }
            foreach (var match in all)
            {
                var form = FormOf(match);
                var winner = ReferenceEquals(first[form], match) ? greedy.Find(g => Covers(g, form)) : first[form];
                if (winner is not null && reported.Add(PlaceOf(match.Origin)))
                {
                    findings.Warnings.Add(
                        match.Origin.Problem(
                            $"this match takes no request: the one at {winner.Origin} fits the same ones, and comes first",
                            "remove one of the two, or tell them apart by more than they ask for now"
                        )
                    );
                }
            }
        }
    }

    /// <summary>Any two origins are equal, their places are not.</summary>
    private static (string File, int Line, int Column) PlaceOf(Origin origin) =>
        (origin.File, origin.Line, origin.Column);

    /// <summary>Two matches that fit the same requests have the same form.</summary>
    private static RouteMatch FormOf(RouteMatch match) =>
        match with
        {
            Path = match.Path switch
            {
                { Kind: PathMatchKind.PathPrefix } prefix => prefix.Value.TrimEnd('/') is { Length: > 0 } value
                    ? prefix with
                    {
                        Value = value,
                    }
                    : null,
                var path => path,
            },
            Headers = Sorted(match.Headers),
            QueryParams = Sorted(match.QueryParams),
        };

    private static ValueList<ValueMatch> Sorted(ValueList<ValueMatch> values) =>
        values.Count < 2 ? values : [.. values.OrderBy(v => v.Name, StringComparer.Ordinal)];

    private static bool TakesAnyPath(RouteMatch form) =>
        form.Path is { Kind: PathMatchKind.RegularExpression, Value: ".*" or "/.*" or "^.*$" or "^/.*$" };

    /// <summary>An expression comes before all prefixes: it covers those whose other conditions hold its own.</summary>
    private static bool Covers(RouteMatch greedy, RouteMatch form) =>
        form.Path is null or { Kind: PathMatchKind.PathPrefix }
        && form.GrpcMethod is null
        && (greedy.Method is null || greedy.Method == form.Method)
        && greedy.Headers.All(h => form.Headers.Contains(h))
        && greedy.QueryParams.All(q => form.QueryParams.Contains(q));
}
