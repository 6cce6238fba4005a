namespace Weft.Api.Documents;

/// <summary>A file of documents.</summary>
/// <param name="Name">What problems call it.</param>
/// <param name="Text">YAML, one document or several.</param>
public sealed record DocumentFile(string Name, string Text);

/// <summary>Documents to be written together or not at all, or to be compared or checked.</summary>
public sealed record ApplyRequest
{
    public required IReadOnlyList<DocumentFile> Files { get; init; }

    /// <summary>When given, no document may have changed after this revision.</summary>
    public long? UnchangedSince { get; init; }
}

/// <summary>What happens to one document.</summary>
public sealed record DocumentChangeInfo
{
    public const string Created = "created";
    public const string Changed = "changed";
    public const string Unchanged = "unchanged";
    public const string Removed = "removed";

    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>changed</c>, <c>unchanged</c> or <c>removed</c>.</summary>
    public required string Change { get; init; }

    /// <summary>The revision that is, or would be, replaced; absent for what is new.</summary>
    public long? Before { get; init; }

    /// <summary>Only in a comparison: each line after a space, <c>-</c> or <c>+</c>.</summary>
    public IReadOnlyList<string>? Lines { get; init; }
}

/// <summary>What was done, or would be.</summary>
/// <param name="Revision">Of the namespace, afterwards.</param>
/// <param name="Changes">One for each document.</param>
/// <param name="Warnings">About the documents given.</param>
public sealed record ApplyResult(
    long Revision,
    IReadOnlyList<DocumentChangeInfo> Changes,
    IReadOnlyList<ProblemInfo> Warnings
);

/// <summary>What a check of documents has found.</summary>
/// <param name="Documents">How many of those given are right by themselves.</param>
public sealed record ValidationResult(
    bool Valid,
    int Documents,
    IReadOnlyList<ProblemInfo> Errors,
    IReadOnlyList<ProblemInfo> Warnings
);

/// <summary>Something that is wrong with a text, and where; line and column are 1-based, 0 when unknown.</summary>
public sealed record ProblemInfo(string File, int Line, int Column, string Message, string? Remedy = null);
