using Weft.Naming;

namespace Weft.Resources;

/// <summary>Where load is shared by weight, somebody gets it.</summary>
internal sealed class WeightsAreNotAllZero : IResourceRule
{
    private const string Remedy = "give at least one of them a weight above 0";

    public void Check(RuleSubject subject, Findings findings)
    {
        foreach (var route in subject.Resources.OfType<RouteDocument>())
        {
            foreach (var rule in route.Rules)
            {
                if (rule.Backends.Count > 0 && rule.Backends.All(b => b.Weight == 0))
                {
                    findings.Problems.Add(
                        rule.Origin.Problem("all backendRefs of this rule have the weight 0", Remedy)
                    );
                }
            }
        }
        foreach (var dtab in subject.Resources.OfType<DtabDocument>())
        {
            foreach (var dentry in dtab.Dtab.Dentries.Where(d => HasUnionOfZeros(d.Destination)))
            {
                findings.Problems.Add(
                    dtab.Origin.Problem($"all weights of a union are 0 in '{dentry}' of {dtab}", Remedy)
                );
            }
        }
    }

    /// <summary>The parser bounds how deep a tree can be.</summary>
    private static bool HasUnionOfZeros(NameTree<Naming.Path> tree) =>
        tree switch
        {
            NameTree<Naming.Path>.Alt alt => alt.Trees.Any(HasUnionOfZeros),
            NameTree<Naming.Path>.Union union => union.Members.All(m => m.Weight == 0)
                || union.Members.Any(m => HasUnionOfZeros(m.Tree)),
            _ => false,
        };
}
