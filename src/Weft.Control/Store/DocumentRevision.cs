namespace Weft.Control;

/// <summary>One state that a document was in.</summary>
/// <param name="Key">Which document.</param>
/// <param name="Text">As it was written; null when this revision removed it.</param>
/// <param name="Revision">The store's revision that made it: grows with every commit, whatever the document.</param>
/// <param name="Version">Which revision of this document it is, from 1; it goes on counting after a removal.</param>
/// <param name="Author">Who wrote it, as far as is known.</param>
/// <param name="Time">When it was written.</param>
public sealed record DocumentRevision(
    DocumentKey Key,
    string? Text,
    long Revision,
    int Version,
    string Author,
    DateTimeOffset Time
)
{
    public bool IsRemoval => Text is null;
}
