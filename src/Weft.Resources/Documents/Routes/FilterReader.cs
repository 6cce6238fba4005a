using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>filters</c> to <see cref="RouteFilters"/>.</summary>
internal static class FilterReader
{
    /// <summary>Mirrors of one rule: each costs as much as the request itself.</summary>
    private const int MaxMirrors = 8;

    /// <summary>Reads the filters of a rule or a backend.</summary>
    /// <param name="parent">The rule or the backend.</param>
    /// <param name="kinds">The kinds that it may have.</param>
    public static RouteFilters Read(MapReader parent, string[] kinds)
    {
        var filters = RouteFilters.None;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in parent.List("filters", "write a list, each item with a '-' in front"))
        {
            if (MapReader.Open(item, "a filter", parent.Problems) is { } map)
            {
                filters = ReadOne(map, filters, kinds, seen);
                map.End();
            }
        }
        if (filters is { Redirect: not null, Rewrite: not null })
        {
            parent.Problems.Add(
                parent.Place("filters"),
                "a rule cannot both redirect requests and rewrite them",
                "remove RequestRedirect or URLRewrite"
            );
        }
        return filters;
    }

    private static RouteFilters ReadOne(MapReader map, RouteFilters filters, string[] kinds, HashSet<string> seen)
    {
        if (map.RequiredNode("type", $"write one of {string.Join(", ", kinds)}") is null)
        {
            return Ignored(map, filters);
        }
        var kind = map.Choice("type", null, [.. kinds.Select(k => (k, (string?)k))]);
        if (kind is null)
        {
            return Ignored(map, filters);
        }
        if (!seen.Add(kind) && kind != RuleReader.Mirror)
        {
            map.Problems.Add(map.Place("type"), $"there is a filter {kind} already", "put the two together");
        }
        switch (kind)
        {
            case RuleReader.RequestHeaders:
                return filters with { RequestHeaders = HeaderChangesReader.Read(map, "requestHeaderModifier") };
            case RuleReader.ResponseHeaders:
                return filters with { ResponseHeaders = HeaderChangesReader.Read(map, "responseHeaderModifier") };
            case RuleReader.Redirect:
                return filters with { Redirect = UrlChangeReader.ReadRedirect(map) };
            case RuleReader.Rewrite:
                return filters with { Rewrite = UrlChangeReader.ReadRewrite(map) };
            default:
                if (filters.Mirrors.Count == MaxMirrors)
                {
                    map.Problems.Add(map.Position, $"a rule has at most {MaxMirrors} mirrors", "remove one");
                }
                return ReadMirror(map) is { } mirror
                    ? filters with
                    {
                        Mirrors = [.. filters.Mirrors, mirror],
                    }
                    : filters;
        }
    }

    /// <summary>Of a filter of no known kind, no key is an error of its own.</summary>
    private static RouteFilters Ignored(MapReader map, RouteFilters filters)
    {
        map.IgnoreRest();
        return filters;
    }

    private static RequestMirror? ReadMirror(MapReader parent)
    {
        _ = parent.RequiredNode("requestMirror", "write 'requestMirror: {backendRef: {name: NAME}}'");
        if (parent.Map("requestMirror") is not { } map)
        {
            return null;
        }
        var backend = ServiceRef.ReadOnly(map, "backendRef");
        var percent = map.Value("percent", ScalarKinds.Percent);
        var fraction = map.Map("fraction") is { } inner ? ReadFraction(inner) : null;
        map.End();
        if (percent is not null && fraction is not null)
        {
            map.Problems.Add(map.Place("fraction"), "'percent' and 'fraction' say the same", "remove one of them");
        }
        return backend is null ? null : new RequestMirror(backend, percent / 100 ?? fraction ?? 1);
    }

    private static double? ReadFraction(MapReader map)
    {
        _ = map.RequiredNode("numerator", "write a whole number");
        var numerator = map.Int("numerator", 0, 0, int.MaxValue);
        var denominator = map.Int("denominator", 100, 1, int.MaxValue);
        map.End();
        if (numerator > denominator)
        {
            map.Problems.Add(map.Position, $"'fraction' is {numerator} of {denominator}, more than the whole");
        }
        return (double)numerator / denominator;
    }
}
