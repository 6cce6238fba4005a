using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>All that the store holds, as it was at one revision. Immutable.</summary>
/// <param name="Revision">Of the last commit; 0 before the first.</param>
/// <param name="Namespaces">Those that were ever written to, by name.</param>
public sealed record StoreView(long Revision, ImmutableSortedDictionary<string, NamespaceView> Namespaces)
{
    /// <summary>Namespaces in one store.</summary>
    public const int MaxNamespaces = 1000;

    public static readonly StoreView Empty = new(
        0,
        ImmutableSortedDictionary.Create<string, NamespaceView>(StringComparer.Ordinal)
    );

    /// <summary>An empty one when nothing was ever written to it.</summary>
    public NamespaceView Namespace(string name) => Namespaces.GetValueOrDefault(name) ?? NamespaceView.Empty(name);

    /// <summary>The store after revisions of one namespace were written.</summary>
    internal StoreView With(string ns, IReadOnlyCollection<DocumentRevision> written) =>
        new(Math.Max(Revision, written.Max(r => r.Revision)), Namespaces.SetItem(ns, Namespace(ns).With(written)));
}
