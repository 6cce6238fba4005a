namespace Weft.Naming;

/// <summary>Alternatives and weighted unions of leaves.</summary>
public abstract record NameTree<T>;
