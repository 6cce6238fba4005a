using Weft.Naming;

namespace Weft.Resources;

/// <summary>Where a dtab leads to <c>/#/...</c>, a namer makes such names; if not, that is a warning.</summary>
internal sealed class DtabsLeadToNamers : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var namers = subject.Resources.OfType<NamerDocument>().Select(n => n.Prefix).ToHashSet();
        // A destination may be shorter than the prefix that it will meet: '/svc => /#' does lead to '/#/file'.
        var beginnings = namers.SelectMany(p => Enumerable.Range(1, p.Length - 1).Select(p.Take)).ToHashSet();
        foreach (var dtab in subject.Resources.OfType<DtabDocument>())
        {
            var lost = new HashSet<Naming.Path>();
            foreach (var leaf in dtab.Dtab.Dentries.SelectMany(d => Leaves(d.Destination)))
            {
                var isMade =
                    leaf.IsRoot
                    || leaf[0] != "#"
                    || beginnings.Contains(leaf)
                    || Enumerable.Range(1, leaf.Length).Any(length => namers.Contains(leaf.Take(length)))
                    || dtab.Dtab.Dentries.Any(d => d.Prefix.Matches(leaf));
                if (!isMade && lost.Add(leaf))
                {
                    findings.Warnings.Add(
                        dtab.Origin.Problem($"{dtab} leads to {leaf}, and there is no Namer that makes such names")
                    );
                }
            }
        }
    }

    private static IEnumerable<Naming.Path> Leaves(NameTree<Naming.Path> tree) =>
        tree switch
        {
            NameTree<Naming.Path>.Leaf leaf => [leaf.Value],
            NameTree<Naming.Path>.Alt alt => alt.Trees.SelectMany(Leaves),
            NameTree<Naming.Path>.Union union => union.Members.SelectMany(m => Leaves(m.Tree)),
            _ => [],
        };
}
