namespace Weft.Api.Documents;

/// <summary>Why a request was refused.</summary>
public sealed record ErrorInfo
{
    /// <summary>The words for <see cref="Error"/>; a closed list.</summary>
    public const string BadRequest = "bad-request";
    public const string Unauthenticated = "unauthenticated";
    public const string Denied = "denied";
    public const string NotFound = "not-found";
    public const string Exists = "exists";
    public const string Stale = "stale";
    public const string Invalid = "invalid";
    public const string Forgotten = "forgotten";
    public const string Unavailable = "unavailable";
    public const string Internal = "internal";

    public required string Error { get; init; }

    /// <summary>For the person who asked.</summary>
    public required string Message { get; init; }

    /// <summary>With <c>invalid</c>: all that is wrong.</summary>
    public IReadOnlyList<ProblemInfo>? Problems { get; init; }

    /// <summary>With <c>stale</c>: the document as it is; absent when there is none.</summary>
    public DocumentInfo? Current { get; init; }

    /// <summary>With <c>stale</c>: the text that was refused; absent when a removal was.</summary>
    public string? Offered { get; init; }
}

/// <summary>A line of a watch: what a namespace's revision changed.</summary>
/// <param name="Revision">The namespace's; where to go on from after a break.</param>
/// <param name="Changed">Without texts; those that were removed are marked so.</param>
public sealed record WatchEvent(long Revision, IReadOnlyList<DocumentInfo> Changed);
