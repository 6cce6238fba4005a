using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Where a proxy's documents come from: read once as a whole, then followed. Used by one task; changes are noted elsewhere, from any thread.</summary>
internal interface IDocumentSource : IAsyncDisposable
{
    /// <inheritdoc cref="DocumentTexts.Generation"/>
    int Generation { get; }

    /// <summary>What cannot be read or used at present, as far as the source itself knows.</summary>
    IReadOnlyList<Problem> Problems { get; }

    /// <summary>Reads all that can be had at once; what should be there and cannot be read is a problem.</summary>
    IReadOnlyList<Problem> ReadAll();

    /// <summary>Notes every change from now on, and those since <see cref="ReadAll"/>.</summary>
    void Watch();

    /// <summary>Takes in what was noted. True when a document says something else than before.</summary>
    bool Take(IReadOnlyDictionary<string, string?> changes);

    /// <inheritdoc cref="DocumentTexts.Read"/>
    (ResourceSet? Set, IReadOnlyList<Problem> Problems) Parse(ProxyConfig config);
}
