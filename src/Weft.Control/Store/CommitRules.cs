using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>What a commit comes to. Pure: the stores share it.</summary>
internal static class CommitRules
{
    /// <summary>What stands in a commit's way; null when nothing does.</summary>
    public static CommitOutcome? Refusal(StoreView view, Commit commit)
    {
        var ns = view.Namespace(commit.Namespace);
        foreach (var change in commit.Changes)
        {
            var current = ns.Find(change.Key);
            if (change.Expected is { } expected && expected != (current?.Revision ?? 0))
            {
                return new CommitOutcome.Stale(change.Key, expected, current);
            }
        }

        return commit.ExpectedNamespace is { } checkedAt && checkedAt != ns.Revision
            ? new CommitOutcome.Moved(view)
            : null;
    }

    /// <summary>The revisions that a commit would write; none when all documents say the same already.</summary>
    public static ImmutableArray<DocumentRevision> Revisions(
        StoreView view,
        Commit commit,
        long revision,
        DateTimeOffset time
    )
    {
        var ns = view.Namespace(commit.Namespace);
        var written = ImmutableArray.CreateBuilder<DocumentRevision>();
        foreach (var (key, text, _) in commit.Changes)
        {
            var latest = ns.Histories.GetValueOrDefault(key)?.Latest;
            if (!string.Equals(latest?.Text, text, StringComparison.Ordinal))
            {
                written.Add(new DocumentRevision(key, text, revision, (latest?.Version ?? 0) + 1, commit.Author, time));
            }
        }

        return written.ToImmutable();
    }
}
