namespace Weft.Api.Documents;

/// <summary>A document, or one of its revisions.</summary>
public sealed record DocumentInfo
{
    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>The store's revision that made it; what <c>If-Match</c> compares.</summary>
    public required long Revision { get; init; }

    /// <summary>Which revision of this document it is, from 1.</summary>
    public required int Version { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>As it was written; left out of lists, and absent where this revision removed the document.</summary>
    public string? Text { get; init; }

    /// <summary>Whether this revision removed the document.</summary>
    public bool Removed { get; init; }
}

/// <summary>The documents of a namespace, or the revisions of one document.</summary>
/// <param name="Namespace">Which.</param>
/// <param name="Revision">The namespace's.</param>
/// <param name="Documents">By kind and name; revisions the latest first.</param>
public sealed record DocumentList(string Namespace, long Revision, IReadOnlyList<DocumentInfo> Documents);

/// <summary>A namespace in short.</summary>
public sealed record NamespaceInfo(string Name, long Revision, int Documents);

/// <summary>All namespaces, by name.</summary>
public sealed record NamespaceList(long Revision, IReadOnlyList<NamespaceInfo> Namespaces);
