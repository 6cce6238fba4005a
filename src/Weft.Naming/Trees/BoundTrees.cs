using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>What alternatives and unions come to once every leaf is known to exist.</summary>
public static class BoundTrees
{
    /// <summary>
    /// The same meaning without alternatives: the first that is not neg stands for its alt; neg and fail members leave
    /// their union and the sole survivor replaces it.
    /// </summary>
    public static NameTree<T> Simplify<T>(this NameTree<T> tree)
        where T : notnull
    {
        switch (tree)
        {
            case NameTree<T>.Alt alt:
                foreach (var alternative in alt.Trees)
                {
                    var simple = alternative.Simplify();
                    if (simple is not NameTree<T>.Neg)
                    {
                        return simple;
                    }
                }

                return NameTree<T>.Neg.Instance;
            case NameTree<T>.Union union:
                var survivors = new UnionSurvivors<T>();
                foreach (var (weight, member) in union.Members)
                {
                    survivors.Add(weight, member.Simplify());
                }

                return survivors.Tree();
            default:
                return tree;
        }
    }

    /// <summary>The leaves that are used: null for neg and fail, an empty set for empty.</summary>
    public static ImmutableHashSet<T>? Evaluate<T>(this NameTree<T> tree)
        where T : notnull
    {
        var leaves = ImmutableHashSet.CreateBuilder<T>();
        return Collect(tree.Simplify(), leaves) ? leaves.ToImmutable() : null;
    }

    private static bool Collect<T>(NameTree<T> simple, ImmutableHashSet<T>.Builder leaves)
        where T : notnull
    {
        switch (simple)
        {
            case NameTree<T>.Leaf leaf:
                leaves.Add(leaf.Value);
                return true;
            case NameTree<T>.Union union:
                foreach (var (_, member) in union.Members)
                {
                    Collect(member, leaves);
                }

                return true;
            default:
                return simple is NameTree<T>.Empty;
        }
    }
}
