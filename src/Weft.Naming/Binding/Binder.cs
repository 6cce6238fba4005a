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

    /// <summary>The same for a tree of paths.</summary>
    public static NameState Bind(Dtab dtab, NameTree<Path> tree, INamer namer, BindLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(dtab);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(namer);
        return new Binding(dtab, namer, limits ?? BindLimits.Default).Bind(tree);
    }
}
