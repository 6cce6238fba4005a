using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>The latest revisions of one document, oldest first; never empty.</summary>
public sealed class DocumentHistory
{
    /// <summary>Revisions of one document that are kept; the oldest make room.</summary>
    public const int MaxRevisions = 50;

    private DocumentHistory(ImmutableArray<DocumentRevision> revisions) => Revisions = revisions;

    public ImmutableArray<DocumentRevision> Revisions { get; }

    public DocumentRevision Latest => Revisions[^1];

    /// <summary>The document as it is; null when it was removed.</summary>
    public DocumentRevision? Current => Latest.IsRemoval ? null : Latest;

    public static DocumentHistory Begin(DocumentRevision first) => new([first]);

    public DocumentHistory With(DocumentRevision next)
    {
        if (next.Revision <= Latest.Revision)
        {
            throw new ArgumentException($"revision {next.Revision} does not follow {Latest.Revision}", nameof(next));
        }

        var kept = Revisions.Length < MaxRevisions ? Revisions : Revisions.RemoveAt(0);
        return new DocumentHistory(kept.Add(next));
    }

    /// <summary>The revision of that number, if it is still kept.</summary>
    public DocumentRevision? Find(long revision)
    {
        foreach (var kept in Revisions)
        {
            if (kept.Revision == revision)
            {
                return kept;
            }
        }

        return null;
    }
}
