using System.Globalization;
using Weft.Resources;

namespace Weft.Control;

/// <summary>Where the requests that take a rule go.</summary>
internal static class RuleWays
{
    private const string TooMany = "there are more rules than are compared";

    /// <summary>The way of requests.</summary>
    /// <param name="pick">The rule that they take.</param>
    /// <param name="service">The logical name that they are for.</param>
    /// <param name="bind">Where a logical name leads.</param>
    public static Way Of(RulePick pick, Naming.Path service, Func<Naming.Path, Way> bind) =>
        pick switch
        {
            { Kind: RulePickKind.None } => Way.To(PreviewTarget.NoRoute),
            { Kind: RulePickKind.Untold } => Way.To(
                new PreviewTarget(TargetKind.Unknown, service.ToString()) { Message = TooMany, Mark = TooMany }
            ),
            { Rule: { Filters.Redirect: { } redirect } rule } => Way.To(
                new PreviewTarget(TargetKind.Redirect) { Message = Show(redirect, rule) }
            ),
            { Rule.Backends: { Count: > 0 } backends } => Way.Mix([
                .. backends.Where(b => b.Weight > 0).Select(b => (bind(PathOf(b, service)), (double)b.Weight)),
            ]),
            _ => bind(service),
        };

    /// <summary>The logical names that a rule's requests are bound by.</summary>
    public static IEnumerable<Naming.Path> PathsOf(RulePick pick, Naming.Path service) =>
        pick switch
        {
            { Kind: RulePickKind.None or RulePickKind.Untold } or { Rule.Filters.Redirect: not null } => [],
            { Rule.Backends: { Count: > 0 } backends } => backends
                .Where(b => b.Weight > 0)
                .Select(b => PathOf(b, service)),
            _ => [service],
        };

    /// <summary>A backend's logical name: below the same first label as the service that is routed.</summary>
    private static Naming.Path PathOf(WeightedBackend backend, Naming.Path service) =>
        service.Take(1).Concat(Naming.Path.Parse($"/{backend.Name}"));

    private static string Show(RequestRedirect redirect, RouteRule rule)
    {
        var scheme = redirect.Scheme is { } name ? $"{name}://" : "";
        var port = redirect.Port is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        // What a prefix is replaced by says little without the prefix.
        var path = redirect.Path switch
        {
            null => "",
            { Kind: PathChangeKind.ReplaceFullPath } full => full.Value,
            var prefix => $"{(rule.Matches is [var first, ..] ? first.Path?.Value : null) ?? "/"} -> {prefix.Value}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{redirect.Status} {scheme}{redirect.Hostname}{port}{path}")
            .TrimEnd();
    }
}
