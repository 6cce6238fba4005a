using Weft.Naming;

namespace Weft.Resources;

/// <summary>
/// What an entry of a dtab rewrites can be bound: its destinations do not lead back to itself. Only what fails whatever namers answer is a problem, so
/// of alternatives the first is looked at, and the others where it does not exist.
/// </summary>
internal sealed class DtabsCanBind : IResourceRule
{
    /// <summary>Names and parts of trees that are visited for one dtab; entries beyond it are left to the bounds of binding itself.</summary>
    private const int MaxNodes = 200_000;

    /// <summary>Stands for labels that no entry mentions.</summary>
    private const string AnyLabel = "%any";

    private static readonly Naming.Path AnyPath = Naming.Path.Of(AnyLabel);

    public void Check(RuleSubject subject, Findings findings)
    {
        foreach (var dtab in subject.Resources.OfType<DtabDocument>())
        {
            var nodes = 0;
            foreach (var dentry in dtab.Dtab.Dentries)
            {
                var name = Naming.Path.Of([.. dentry.Prefix.Elements.Select(e => e ?? AnyLabel)]).Concat(AnyPath);
                if (Binder.GivesUp(dtab.Dtab, name, Known.Instance, ref nodes, out var why))
                {
                    findings.Problems.Add(
                        dtab.Origin.Problem(
                            $"'{dentry}' of {dtab} can never be bound: {Without(why)}",
                            "let its entries not lead back to where they began"
                        )
                    );
                    break; // The others of the circle would say the same.
                }
                if (nodes > MaxNodes)
                {
                    break;
                }
            }
        }
    }

    private static string Without(string why) => why.Replace('/' + AnyLabel, "/*", StringComparison.Ordinal);

    /// <summary>Every namer knows every name.</summary>
    private sealed class Known : INamer
    {
        public static readonly Known Instance = new();

        public NameState Lookup(Naming.Path path) =>
            path.Length > 0 && path[0] == "#" ? NameState.Bound(path, Naming.Path.Root) : NameState.Neg;
    }
}
