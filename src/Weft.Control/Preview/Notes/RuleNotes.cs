using System.Globalization;
using Weft.Resources;

namespace Weft.Control;

/// <summary>What one rule does to requests that another did not, apart from where they go and how they are called.</summary>
internal static class RuleNotes
{
    /// <summary>For requests that take no rule.</summary>
    private static readonly RouteRule s_none = new();

    public static IEnumerable<string> Of(RouteRule? now, RouteRule? then)
    {
        var (before, after) = (now ?? s_none, then ?? s_none);
        if (before.Equals(after))
        {
            return [];
        }

        var (filters, newFilters) = (before.Filters, after.Filters);
        return
        [
            .. SpecNotes.Present(
                SpecNotes.Presence("changes of request headers", filters.RequestHeaders, newFilters.RequestHeaders),
                SpecNotes.Presence("changes of response headers", filters.ResponseHeaders, newFilters.ResponseHeaders),
                SpecNotes.Presence("URL rewrite", filters.Rewrite, newFilters.Rewrite)
            ),
            .. newFilters.Mirrors.Except(filters.Mirrors).Select(m => $"mirror added: {Show(m)}"),
            .. filters.Mirrors.Except(newFilters.Mirrors).Select(m => $"mirror removed: {Show(m)}"),
            .. OfBackends(before, after),
        ];
    }

    private static IEnumerable<string> OfBackends(RouteRule now, RouteRule then) =>
        from after in then.Backends
        let before = now.Backends.FirstOrDefault(b => b.Name == after.Name)
        where before is not null
        where
            !Equals(before.RequestHeaders, after.RequestHeaders)
            || !Equals(before.ResponseHeaders, after.ResponseHeaders)
        select $"changes of headers for backend {after.Name} changed";

    private static string Show(RequestMirror mirror) =>
        string.Create(CultureInfo.InvariantCulture, $"{mirror.Backend} ({mirror.Share:0.##%} of requests)");
}
