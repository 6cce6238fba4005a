using Weft.Resources;

namespace Weft.Control;

/// <summary>Which faults requests would meet, or not meet any more.</summary>
internal static class FaultNotes
{
    /// <summary>The documents that make a difference to requests of a form, and what about them.</summary>
    /// <param name="now">The service's faults.</param>
    /// <param name="then">The same as they would be.</param>
    /// <param name="form">What is known of the requests.</param>
    public static IEnumerable<(DocumentKey Key, string Note)> Of(
        IReadOnlyList<FaultInjectionDocument> now,
        IReadOnlyList<FaultInjectionDocument> then,
        MatchForm form
    )
    {
        if (now.SequenceEqual(then))
        {
            yield break;
        }

        foreach (var name in now.Concat(then).Select(f => f.Name).Distinct(StringComparer.Ordinal))
        {
            var (before, after) = (Find(now, name), Find(then, name));
            var isMet = new[] { before, after }.OfType<FaultInjectionDocument>().Any(f => Meets(f, form));
            if (isMet && SpecNotes.Presence($"fault injection {name}", before, after) is { } note)
            {
                yield return (new DocumentKey(FaultInjectionDocument.KindName, name), note);
            }
        }
    }

    private static FaultInjectionDocument? Find(IReadOnlyList<FaultInjectionDocument> faults, string name) =>
        faults.FirstOrDefault(f => f.Name == name);

    private static bool Meets(FaultInjectionDocument fault, MatchForm form) =>
        fault.Matches.Count == 0 || fault.Matches.Any(m => new MatchForm(m).MayMeet(form));
}
