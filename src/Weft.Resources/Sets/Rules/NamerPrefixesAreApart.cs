namespace Weft.Resources;

/// <summary>No namer's prefix begins with another's: it would be open which of the two answers.</summary>
internal sealed class NamerPrefixesAreApart : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var namers = subject.Resources.OfType<NamerDocument>().ToArray();
        var byPrefix = new Dictionary<Naming.Path, NamerDocument>();
        foreach (var namer in namers)
        {
            if (!byPrefix.TryAdd(namer.Prefix, namer))
            {
                Report(namer, byPrefix[namer.Prefix], findings);
            }
        }
        foreach (var namer in namers)
        {
            for (var length = 2; length < namer.Prefix.Length; length++)
            {
                if (byPrefix.TryGetValue(namer.Prefix.Take(length), out var other))
                {
                    Report(namer, other, findings);
                }
            }
        }
    }

    private static void Report(NamerDocument namer, NamerDocument other, Findings findings) =>
        findings.Problems.Add(
            namer.Origin.Problem(
                $"{namer} makes {namer.Prefix}, which {other} at {other.Origin} makes already with {other.Prefix}",
                "give one of them another 'prefix'"
            )
        );
}
