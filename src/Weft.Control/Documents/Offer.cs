using System.Collections.Immutable;
using Weft.Api.Documents;
using Weft.Resources;

namespace Weft.Control;

/// <summary>Documents that somebody offers: read, each with its own part of the text, not yet compared with others.</summary>
/// <param name="Files">The files that they came in.</param>
/// <param name="Documents">Those without problems of their own, in the order in which they were written.</param>
internal sealed record Offer(ImmutableArray<ResourceReading> Files, ImmutableArray<OfferedDocument> Documents)
{
    public ImmutableHashSet<DocumentKey> Keys { get; } = [.. Documents.Select(d => d.Key)];

    public static Offer Read(IEnumerable<DocumentFile> files)
    {
        var readings = ImmutableArray.CreateBuilder<ResourceReading>();
        var documents = ImmutableArray.CreateBuilder<OfferedDocument>();
        foreach (var (name, text) in files)
        {
            var reading = ResourceReading.Of(name, text);
            readings.Add(reading);
            var parts = DocumentSplit.Split(text);
            foreach (var resource in reading.Resources)
            {
                var part = parts.Last(p => p.Line <= resource.Origin.Line);
                documents.Add(new OfferedDocument(new DocumentKey(resource.Kind, resource.Name), part.Text));
            }
        }

        return new Offer(readings.ToImmutable(), documents.ToImmutable());
    }
}

/// <summary>A document and its text.</summary>
internal sealed record OfferedDocument(DocumentKey Key, string Text);
