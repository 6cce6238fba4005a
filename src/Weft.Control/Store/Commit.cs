using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>A change of one document.</summary>
/// <param name="Key">Which document.</param>
/// <param name="Text">What it shall say; null to remove it.</param>
/// <param name="Expected">The revision that the author knows; 0 when it must not exist; null when the author does not care.</param>
public sealed record DocumentChange(DocumentKey Key, string? Text, long? Expected = null);

/// <summary>Changes of one namespace that come into force together or not at all.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Changes">No document twice.</param>
/// <param name="Author">Who wants it.</param>
/// <param name="ExpectedNamespace">
/// The namespace's revision that the changes were checked against; null when they need no check. When the namespace has moved on, nothing
/// is written.
/// </param>
public sealed record Commit(
    string Namespace,
    ImmutableArray<DocumentChange> Changes,
    string Author,
    long? ExpectedNamespace = null
)
{
    /// <summary>Documents in one commit.</summary>
    public const int MaxChanges = 10_000;
}

/// <summary>What came of a commit.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome() { }

    /// <summary>It is on disk, and will be after any crash.</summary>
    /// <param name="View">The store with it; perhaps with later commits, too.</param>
    /// <param name="Revision">Of this commit; that of the namespace when nothing had to change.</param>
    /// <param name="Written">What was written: documents that said the same already are left as they are.</param>
    public sealed record Committed(StoreView View, long Revision, ImmutableArray<DocumentRevision> Written)
        : CommitOutcome;

    /// <summary>A document is not what the author expected.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="Expected">What the author expected.</param>
    /// <param name="Current">What it is; null when it does not exist.</param>
    public sealed record Stale(DocumentKey Key, long Expected, DocumentRevision? Current) : CommitOutcome;

    /// <summary>Somebody else changed the namespace since it was checked: check again.</summary>
    public sealed record Moved(StoreView View) : CommitOutcome;
}
