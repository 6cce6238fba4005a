using System.Diagnostics.CodeAnalysis;

namespace Weft.Naming;

/// <summary>
/// Binds a path: the dtab rewrites it until a namer or a built-in answers. The semantics are Finagle's (Namer.bind) and
/// Linkerd's (ConfiguredDtabNamer), with work that is bounded by nodes visited as well as by depth.
/// </summary>
public static class Binder
{
    /// <summary>
    /// The bound tree of a path, from what the namer knows now: leaves, unions, neg, fail or empty, and no alternatives.
    /// Pure and bounded: safe on event loops.
    /// </summary>
    public static NameState Bind(Dtab dtab, Path path, INamer namer, BindLimits? limits = null) =>
        Bind(dtab, new NameTree<Path>.Leaf(path), namer, limits);

    /// <summary>
    /// Whether binding a path ends at a bound of <see cref="BindLimits"/> and at no answer, as when the entries of a dtab lead in a circle.
    /// </summary>
    /// <param name="dtab">The table.</param>
    /// <param name="path">The name.</param>
    /// <param name="namer">Answers for what the table does not rewrite.</param>
    /// <param name="nodes">Grows by the names and parts of trees visited.</param>
    /// <param name="why">Which bound, and where; null when the answer is false.</param>
    public static bool GivesUp(Dtab dtab, Path path, INamer namer, ref int nodes, [NotNullWhen(true)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(dtab);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(namer);
        var binding = new Binding(dtab, namer, BindLimits.Default);
        var state = binding.Bind(new NameTree<Path>.Leaf(path));
        nodes += binding.Nodes;
        why = binding.HasGivenUp ? (state as NameState.Failed)?.Message : null;
        return why is not null;
    }

    /// <summary>Binds a tree of paths.</summary>
    public static NameState Bind(Dtab dtab, NameTree<Path> tree, INamer namer, BindLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(dtab);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(namer);
        return new Binding(dtab, namer, limits ?? BindLimits.Default).Bind(tree);
    }
}
