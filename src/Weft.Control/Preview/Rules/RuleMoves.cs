using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>Requests that are alike as far as the rules of their service can tell.</summary>
/// <param name="Form">What is known of them.</param>
/// <param name="Now">The rule that they take.</param>
/// <param name="Then">One that they may take.</param>
internal sealed record RuleMove(MatchForm Form, RulePick Now, RulePick Then);

/// <summary>Which rules requests seen under one name take now, and which they may take then.</summary>
/// <param name="Moves">At least one; several where it cannot be told.</param>
/// <param name="DependsOn">What it depends on where it cannot be told.</param>
internal sealed record RuleMoves(ImmutableArray<RuleMove> Moves, ImmutableArray<string> DependsOn)
{
    /// <summary>The name that metrics give to requests that take no rule.</summary>
    public const string DefaultRoute = "default";

    private static readonly RuleMoves s_alone = new([new RuleMove(MatchForm.All, RulePick.Alone, RulePick.Alone)], []);

    /// <summary>Works it out.</summary>
    /// <param name="now">The service's rules.</param>
    /// <param name="then">The same as they would be; the very same where nothing changes.</param>
    /// <param name="route">What metrics call the rule.</param>
    /// <param name="isSettled">Whether the routes are those under which the requests were seen.</param>
    /// <param name="budget">Comparisons that may still be made.</param>
    public static RuleMoves Of(RuleOrder now, RuleOrder then, string route, bool isSettled, PreviewBudget budget)
    {
        if (now.Entries.IsEmpty && then.Entries.IsEmpty)
        {
            return s_alone;
        }

        var moves = new HashSet<RuleMove>();
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var place in Places(now, route, isSettled, reasons))
        {
            Follow(now, then, place, moves, reasons, budget);
        }

        return new RuleMoves([.. moves], [.. reasons]);
    }

    /// <summary>The places in the order of rules at which the requests may have been taken; the end for those that took none.</summary>
    private static List<int> Places(RuleOrder now, string route, bool isSettled, SortedSet<string> reasons)
    {
        var end = now.Entries.Length;
        if (end == 0)
        {
            return [end];
        }

        var places = Enumerable.Range(0, end).Where(i => now.Entries[i].Label == route).ToList();
        var rules = places.Select(i => now.Entries[i].Rule).Distinct(ReferenceEqualityComparer.Instance).Count();
        if (route == DefaultRoute)
        {
            if (rules > 0)
            {
                reasons.Add(
                    $"whether they took a rule: metrics call those that took none {route}, and so they do a rule"
                );
            }

            places.Add(end);
        }

        if (isSettled && places.Count > 0)
        {
            if (rules > 1)
            {
                reasons.Add(
                    $"which of {rules} rules they took: metrics call them all {route}; names for the rules would tell them apart"
                );
            }

            return places;
        }

        reasons.Add(
            places.Count == 0
                ? $"which rule they take now: there is none that metrics call {route}"
                : "which rule they take now: the service's routes have changed since they were seen"
        );
        return [.. Enumerable.Range(0, end + 1)];
    }

    private static void Follow(
        RuleOrder now,
        RuleOrder then,
        int place,
        HashSet<RuleMove> moves,
        SortedSet<string> reasons,
        PreviewBudget budget
    )
    {
        var (form, pick) =
            place < now.Entries.Length
                ? (now.Entries[place].Form, RulePick.Of(now.Entries[place]))
                : (MatchForm.All, now.Entries.IsEmpty ? RulePick.Alone : RulePick.None);
        if (ReferenceEquals(now, then))
        {
            moves.Add(new RuleMove(form, pick, pick));
            return;
        }

        if (then.Entries.IsEmpty)
        {
            moves.Add(new RuleMove(form, pick, RulePick.Alone));
            return;
        }

        var hint = 0;
        foreach (var entry in then.Entries)
        {
            if (!budget.Spend(1))
            {
                moves.Add(new RuleMove(form, pick, RulePick.Untold));
                reasons.Add("which rule they would take: there are more rules than are compared");
                return;
            }

            if (!entry.Form.MayMeet(form) || IsTakenBefore(now, place, entry.Form, form, budget, ref hint))
            {
                continue;
            }

            moves.Add(new RuleMove(form, pick, RulePick.Of(entry)));
            if (entry.Form.Covers(form))
            {
                return;
            }

            reasons.Add($"which of them fit rule {entry.Label}: {string.Join(", ", entry.Form.Beyond(form))}");
        }

        moves.Add(new RuleMove(form, pick, RulePick.None));
    }

    /// <summary>
    /// Whether the requests that fit a new match would have been taken, before they came to their place, by a match that stands before it: then none of
    /// those seen at that place fits the new one. Most matches stand where they stood, so it is looked for where the last one was found.
    /// </summary>
    private static bool IsTakenBefore(
        RuleOrder now,
        int place,
        MatchForm entry,
        MatchForm form,
        PreviewBudget budget,
        ref int hint
    )
    {
        for (var i = 0; i < place && budget.Spend(1); i++)
        {
            var at = (hint + i) % place;
            if (now.Entries[at].Form.Covers(entry, form))
            {
                hint = at + 1;
                return true;
            }
        }

        return false;
    }
}
