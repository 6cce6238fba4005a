using System.Collections.Immutable;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>A namespace's documents as they are understood. Immutable; a new one reads only what has changed.</summary>
internal sealed class NamespaceModel
{
    private readonly ImmutableSortedDictionary<DocumentKey, Entry> _entries;

    private NamespaceModel(
        NamespaceView view,
        ImmutableSortedDictionary<DocumentKey, Entry> entries,
        ResourceParse parse
    )
    {
        (View, _entries, Parse) = (view, entries, parse);
    }

    public NamespaceView View { get; }

    /// <summary>
    /// The documents in force, and what is wrong with the others: what was valid once may not be for this program, or for its
    /// neighbours in a store that somebody else writes to.
    /// </summary>
    public ResourceParse Parse { get; }

    public ResourceSet Set => Parse.Set;

    public static NamespaceModel Of(NamespaceView view, NamespaceModel? before = null)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<DocumentKey, Entry>();
        foreach (var document in view.Documents)
        {
            var known = before?._entries.GetValueOrDefault(document.Key);
            entries[document.Key] =
                known?.Revision == document.Revision
                    ? known
                    : new Entry(document.Revision, ResourceReading.Of(LabelOf(document.Key), document.Text!));
        }

        var all = entries.ToImmutable();
        return new NamespaceModel(view, all, ResourceSet.Combine(all.Values.Select(e => e.Reading)));
    }

    /// <summary>The set as it would be after a change.</summary>
    /// <param name="gone">Documents that are removed or replaced.</param>
    /// <param name="added">Files that come in their place.</param>
    public ResourceParse With(IReadOnlySet<DocumentKey> gone, IEnumerable<ResourceReading> added) =>
        ResourceSet.Combine(_entries.Where(e => !gone.Contains(e.Key)).Select(e => e.Value.Reading).Concat(added));

    /// <summary>
    /// The problems that a change would bring: those of what it writes, and those that it makes for others. What was wrong before does not
    /// hold it up.
    /// </summary>
    public IReadOnlyList<Problem> NewProblems(ResourceParse after)
    {
        var known = Parse.Problems.ToHashSet();
        return [.. after.Problems.Where(p => !known.Contains(p))];
    }

    /// <summary>What problems call a stored document, in the place of a file.</summary>
    public static string LabelOf(DocumentKey key) => key.ToString();

    private sealed record Entry(long Revision, ResourceReading Reading);
}
