using System.Collections.Immutable;
using Weft.Api.Mesh;

namespace Weft.Control;

/// <summary>The documents of a namespace as they are sent. Immutable; a new one encodes only what has changed.</summary>
internal sealed class DocumentBoard
{
    public static readonly DocumentBoard Empty = new(
        null,
        ImmutableSortedDictionary.Create<string, (long, EncodedResource)>(StringComparer.Ordinal)
    );

    private readonly ImmutableSortedDictionary<string, (long Revision, EncodedResource Encoded)> _documents;

    private DocumentBoard(
        NamespaceView? view,
        ImmutableSortedDictionary<string, (long Revision, EncodedResource Encoded)> documents
    )
    {
        (View, _documents) = (view, documents);
    }

    public NamespaceView? View { get; }

    /// <summary>All documents, as <c>Kind/name</c>.</summary>
    public IEnumerable<EncodedResource> All => _documents.Values.Select(d => d.Encoded);

    /// <summary>Whether that a document is not among these means that it was removed; <see cref="NamespaceView.KnowsOf"/>.</summary>
    public bool KnowsOf(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && View?.KnowsOf(new DocumentKey(name[..slash], name[(slash + 1)..])) == true;

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

        return new DocumentBoard(view, documents.ToImmutable());
    }
}
