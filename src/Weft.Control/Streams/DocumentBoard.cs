using System.Collections.Immutable;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>
/// The documents of a namespace as they are sent. Immutable; a new one encodes only what has changed, and knows what that is, so
/// that a thousand proxies who have all of the one before need not compare everything.
/// </summary>
internal sealed class DocumentBoard
{
    public static readonly DocumentBoard Empty = new(
        null,
        ImmutableSortedDictionary.Create<string, (long, EncodedResource)>(StringComparer.Ordinal),
        null
    );

    private readonly ImmutableSortedDictionary<string, (long Revision, EncodedResource Encoded)> _documents;

    // Its mark alone: who held the board before would hold all that ever were.
    private readonly object? _markBefore;

    private DocumentBoard(
        NamespaceView? view,
        ImmutableSortedDictionary<string, (long Revision, EncodedResource Encoded)> documents,
        DocumentBoard? before
    )
    {
        (View, _documents, _markBefore) = (view, documents, before?.Mark);
        All = [.. documents.Values.Select(d => d.Encoded)];
        if (before is not null)
        {
            Changed =
            [
                .. documents
                    .Where(d => before._documents.GetValueOrDefault(d.Key).Encoded != d.Value.Encoded)
                    .Select(d => d.Value.Encoded),
            ];
            Gone = [.. before._documents.Where(d => !documents.ContainsKey(d.Key)).Select(d => d.Value.Encoded.Key)];
        }
    }

    /// <summary>Tells this board from all others.</summary>
    public object Mark { get; } = new();

    /// <summary>Documents that are not in the board before this one, or say something else there.</summary>
    public IReadOnlyList<EncodedResource> Changed { get; } = [];

    /// <summary>Documents of the board before this one that are not in it.</summary>
    public IReadOnlyList<ResourceKey> Gone { get; } = [];

    public NamespaceView? View { get; }

    /// <summary>All documents, as <c>Kind/name</c>.</summary>
    public IReadOnlyList<EncodedResource> All { get; }

    public bool Has(string name) => _documents.ContainsKey(name);

    /// <summary>Whether that a document is not among these means that it was removed; <see cref="NamespaceView.KnowsOf"/>.</summary>
    public bool KnowsOf(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && View?.KnowsOf(new DocumentKey(name[..slash], name[(slash + 1)..])) == true;

    /// <summary>Whether the board with a mark is the one before this.</summary>
    public bool Follows(object? mark) => mark is not null && mark == _markBefore;

    /// <summary>A document's key: of those that are here, always the same one.</summary>
    public ResourceKey KeyOf(string name) =>
        _documents.TryGetValue(name, out var document)
            ? document.Encoded.Key
            : new ResourceKey(ResourceType.Document, name);

    public static string NameOf(DocumentKey key) => $"{key.Kind}/{key.Name}";

    public DocumentBoard With(NamespaceView view)
    {
        var documents = Empty._documents.ToBuilder();
        foreach (var document in view.Documents)
        {
            var name = NameOf(document.Key);
            documents[name] =
                _documents.TryGetValue(name, out var known) && known.Revision == document.Revision
                    ? known
                    : (
                        document.Revision,
                        EncodedResource.Of(
                            new ResourceKey(ResourceType.Document, name),
                            new Resource { Document = document.Text! }
                        )
                    );
        }

        return new DocumentBoard(view, documents.ToImmutable(), this);
    }
}
