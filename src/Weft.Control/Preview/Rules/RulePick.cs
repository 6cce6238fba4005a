using Weft.Resources;

namespace Weft.Control;

/// <summary>Which rule of its service's routes a request takes.</summary>
/// <param name="Rule">The rule; null when it takes none.</param>
/// <param name="Label">What metrics call it; null when it takes none.</param>
/// <param name="Kind">Why it takes none.</param>
internal sealed record RulePick(RouteRule? Rule, string? Label, RulePickKind Kind)
{
    /// <summary>The service has no routes.</summary>
    public static readonly RulePick Alone = new(null, null, RulePickKind.Alone);

    /// <summary>The service has routes, and no rule fits.</summary>
    public static readonly RulePick None = new(null, null, RulePickKind.None);

    /// <summary>There are more rules than were compared.</summary>
    public static readonly RulePick Untold = new(null, null, RulePickKind.Untold);

    public static RulePick Of(RuleEntry entry) => new(entry.Rule, entry.Label, RulePickKind.Rule);
}

/// <summary>Whether a request takes a rule, and if not, why.</summary>
internal enum RulePickKind
{
    Rule,
    Alone,
    None,
    Untold,
}
