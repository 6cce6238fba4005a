using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>All documents of one namespace as they were at one revision, with their histories. Immutable.</summary>
public sealed class NamespaceView
{
    /// <summary>Removed documents whose history is kept; beyond it those that were removed first are forgotten.</summary>
    public const int MaxRemoved = 1000;

    internal NamespaceView(
        string name,
        long revision,
        long forgottenUpTo,
        ImmutableSortedDictionary<DocumentKey, DocumentHistory> histories,
        int removedCount
    )
    {
        Name = name;
        Revision = revision;
        ForgottenUpTo = forgottenUpTo;
        Histories = histories;
        RemovedCount = removedCount;
    }

    public string Name { get; }

    /// <summary>The store's revision that changed this namespace last; 0 when nothing ever did.</summary>
    public long Revision { get; }

    /// <summary>Removals up to this revision may be forgotten: who knows less than it has to read everything.</summary>
    public long ForgottenUpTo { get; }

    /// <summary>Also those of documents that were removed, by kind and name.</summary>
    public ImmutableSortedDictionary<DocumentKey, DocumentHistory> Histories { get; }

    internal int RemovedCount { get; }

    /// <summary>The documents as they are, by kind and name.</summary>
    public IEnumerable<DocumentRevision> Documents =>
        Histories.Values.Select(h => h.Current).OfType<DocumentRevision>();

    public int Count => Histories.Count - RemovedCount;

    public static NamespaceView Empty(string name) =>
        new(name, 0, 0, ImmutableSortedDictionary<DocumentKey, DocumentHistory>.Empty, 0);

    public DocumentRevision? Find(DocumentKey key) => Histories.GetValueOrDefault(key)?.Current;

    /// <summary>
    /// Whether that a document is not here means that it was removed. It does not where it was never heard of: the store
    /// may be a new one, in the place of one that was lost.
    /// </summary>
    public bool KnowsOf(DocumentKey key) => ForgottenUpTo > 0 || Histories.ContainsKey(key);

    /// <summary>Whether a document of a kind was ever removed.</summary>
    public bool HasRemoved(string kind) =>
        ForgottenUpTo > 0 || (RemovedCount > 0 && Histories.Any(h => h.Key.Kind == kind && h.Value.Current is null));

    /// <summary>This namespace after revisions were written; they are newer than all that it knows.</summary>
    internal NamespaceView With(IEnumerable<DocumentRevision> written)
    {
        var histories = Histories.ToBuilder();
        var (revision, removed) = (Revision, RemovedCount);
        foreach (var next in written)
        {
            var known = histories.GetValueOrDefault(next.Key);
            histories[next.Key] = known is null ? DocumentHistory.Begin(next) : known.With(next);
            removed += (next.IsRemoval ? 1 : 0) - (known is { Current: null } ? 1 : 0);
            revision = Math.Max(revision, next.Revision);
        }

        var forgotten = ForgottenUpTo;
        if (removed > MaxRemoved)
        {
            var oldest = histories.Values.Where(h => h.Current is null).OrderBy(h => h.Latest.Revision).ToArray();
            foreach (var history in oldest.Take(removed - MaxRemoved))
            {
                histories.Remove(history.Latest.Key);
                forgotten = Math.Max(forgotten, history.Latest.Revision);
            }

            removed = MaxRemoved;
        }

        return new NamespaceView(Name, revision, forgotten, histories.ToImmutable(), removed);
    }
}
