using System.Text.RegularExpressions;
using Weft.Resources;
using ValueMatch = Weft.Resources.ValueMatch;

namespace Weft.Proxy.Tests;

/// <summary>The specification of matching word by word, without an index: every match of every rule is compared and ranked.</summary>
internal static class ReferenceMatcher
{
    /// <summary>A request as plain as it gets.</summary>
    public sealed record Call(
        string Method,
        string Path,
        IReadOnlyDictionary<string, string> Headers,
        IReadOnlyDictionary<string, string> Query
    );

    /// <summary>The index of the rule that is taken, counted over all routes in alphabetical order; -1 for none.</summary>
    public static int Find(IReadOnlyList<RouteDocument> routes, Call call)
    {
        var candidates =
            from rule in routes.SelectMany(r => r.Rules).Select((rule, index) => (rule, index))
            from match in rule.rule.Matches.DefaultIfEmpty(RouteMatch.All)
            where Fits(match, call)
            orderby ClassOf(match.Path), match.Path?.Kind == PathMatchKind.PathPrefix
                ? -match.Path.Value.TrimEnd('/').Length
                : 0, match.Method is null ? 1 : 0, -match.Headers.Count, -match.QueryParams.Count, rule.index
            select rule.index;
        return candidates.DefaultIfEmpty(-1).First();
    }

    private static int ClassOf(PathMatch? path) =>
        path?.Kind switch
        {
            PathMatchKind.Exact => 0,
            PathMatchKind.RegularExpression => 1,
            _ => 2,
        };

    private static bool Fits(RouteMatch match, Call call) =>
        (match.Path is null || Fits(match.Path, call.Path))
        && (match.Method is null || match.Method == call.Method)
        && match.Headers.All(h => call.Headers.TryGetValue(h.Name, out var value) && Fits(h, value))
        && match.QueryParams.All(q => call.Query.TryGetValue(q.Name, out var value) && Fits(q, value));

    private static bool Fits(ValueMatch match, string value) =>
        match.Kind == ValueMatchKind.Exact ? match.Value == value : FitsWhole(match.Value, value);

    private static bool Fits(PathMatch match, string path)
    {
        switch (match.Kind)
        {
            case PathMatchKind.Exact:
                return match.Value == path;
            case PathMatchKind.RegularExpression:
                return FitsWhole(match.Value, path);
            default:
                var prefix = match.Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
                return path[1..].Split('/').Take(prefix.Length).SequenceEqual(prefix);
        }
    }

    private static bool FitsWhole(string expression, string text) =>
        Regex.IsMatch(text, $"^(?:{expression})$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
