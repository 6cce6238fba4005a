using Weft.Api.Documents;
using Weft.Resources;

namespace Weft.Control;

/// <summary>Says what happens to a document.</summary>
internal static class ChangeInfos
{
    /// <summary>What a change comes to.</summary>
    /// <param name="before">The document as it is; null when there is none.</param>
    /// <param name="key">Which document.</param>
    /// <param name="after">What it shall say; null when it is removed.</param>
    /// <param name="withLines">Whether to compare line by line.</param>
    public static DocumentChangeInfo Of(DocumentRevision? before, DocumentKey key, string? after, bool withLines) =>
        new()
        {
            Kind = key.Kind,
            Name = key.Name,
            Change = (before?.Text, after) switch
            {
                (null, null) => DocumentChangeInfo.Unchanged,
                (null, _) => DocumentChangeInfo.Created,
                (_, null) => DocumentChangeInfo.Removed,
                var (old, now) when string.Equals(old, now, StringComparison.Ordinal) => DocumentChangeInfo.Unchanged,
                _ => DocumentChangeInfo.Changed,
            },
            Before = before?.Revision,
            Lines = withLines ? [.. LineDiff.Compare(before?.Text ?? "", after ?? "").Select(Marked)] : null,
        };

    private static string Marked(DiffLine line) =>
        line.Change switch
        {
            LineChange.Removed => $"-{line.Text}",
            LineChange.Added => $"+{line.Text}",
            _ => $" {line.Text}",
        };
}
