using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From a rule of an HTTPRoute to a <see cref="RouteRule"/>.</summary>
internal static class HttpRuleReader
{
    private static readonly string[] Filters =
    [
        RuleReader.RequestHeaders,
        RuleReader.ResponseHeaders,
        RuleReader.Redirect,
        RuleReader.Rewrite,
        RuleReader.Mirror,
    ];

    public static RouteRule Read(MapReader map)
    {
        var matches = map.Items("matches", "a match", RouteMatchReader.Read);
        var filters = FilterReader.Read(map, Filters);
        var (request, attempt) = ReadTimeouts(map);
        var rule = RuleReader.Read(map) with
        {
            Matches = [.. matches],
            Filters = filters,
            RequestTimeout = request,
            BackendRequestTimeout = attempt,
            Retry = map.Map("retry") is { } retry ? RouteRetryReader.Read(retry) : null,
        };
        CheckPrefixes(map, rule);
        if (filters.Redirect is not null && rule.Backends.Count > 0)
        {
            map.Problems.Add(
                map.Place("backendRefs"),
                "a rule that redirects has no use for backendRefs",
                "remove them, or the filter RequestRedirect"
            );
        }
        return rule;
    }

    private static (TimeSpan? Request, TimeSpan? Attempt) ReadTimeouts(MapReader parent)
    {
        if (parent.Map("timeouts") is not { } map)
        {
            return (null, null);
        }
        var request = map.Value("request", ScalarKinds.Duration, Ranges.TimeoutOrNone);
        var attempt = map.Value("backendRequest", ScalarKinds.Duration, Ranges.TimeoutOrNone);
        map.End();
        if (request > TimeSpan.Zero && attempt > request)
        {
            map.Problems.Add(
                map.Place("backendRequest"),
                $"'backendRequest' is {DurationText.Show(attempt.Value)}, longer than 'request', {DurationText.Show(request.Value)}",
                "one attempt cannot take longer than the whole call"
            );
        }
        return (request, attempt);
    }

    /// <summary>Which prefix is replaced is only plain when there is one.</summary>
    private static void CheckPrefixes(MapReader map, RouteRule rule)
    {
        var isPlain = rule.Matches is [] or [{ Path: null or { Kind: PathMatchKind.PathPrefix } }];
        var path = rule.Filters.Redirect?.Path ?? rule.Filters.Rewrite?.Path;
        if (path?.Kind == PathChangeKind.ReplacePrefixMatch && !isPlain)
        {
            map.Problems.Add(
                map.Place("filters"),
                "'replacePrefixMatch' needs a rule with exactly one match, by PathPrefix",
                "divide the rule, or write 'type: ReplaceFullPath'"
            );
        }
    }
}
