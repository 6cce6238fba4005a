using System.Collections.Immutable;
using Weft.Resources;

namespace Weft.Control;

/// <summary>One match of a rule.</summary>
/// <param name="Form">What it asks for.</param>
/// <param name="Rule">The rule that it leads to.</param>
/// <param name="Label">What metrics call the rule: its document's name, and its own if it has one.</param>
internal sealed record RuleEntry(MatchForm Form, RouteRule Rule, string Label);

/// <summary>All matches of a service's routes, in the order in which the first that fits is taken: proxies' order, written as a list.</summary>
internal sealed record RuleOrder(ImmutableArray<RuleEntry> Entries)
{
    /// <summary>Those of a service now and then; the very same object where nothing changes.</summary>
    public static (RuleOrder Now, RuleOrder Then) Of(
        IReadOnlyList<RouteDocument> now,
        IReadOnlyList<RouteDocument> then
    )
    {
        var before = Of(now);
        return (before, now.SequenceEqual(then) ? before : Of(then));
    }

    /// <summary>Those of routes, as <see cref="ResourceSet.RoutesOf"/> gives them.</summary>
    public static RuleOrder Of(IReadOnlyList<RouteDocument> routes)
    {
        var entries = routes.SelectMany(route =>
            route.Rules.SelectMany(rule =>
            {
                var label = rule.Name is null ? route.Name : $"{route.Name}/{rule.Name}";
                var matches = rule.Matches.Count > 0 ? rule.Matches : [RouteMatch.All];
                return matches.Select(m => new RuleEntry(new MatchForm(m), rule, label));
            })
        );
        // Sorting is stable: of equally specific matches the first in the alphabet of documents wins, then the first rule.
        return new RuleOrder([.. entries.OrderBy(e => e.Form.Order)]);
    }
}
