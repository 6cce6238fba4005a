using System.Text.Json;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>A control plane, as the source of documents and names.</summary>
/// <remarks>
/// Whoever speaks to it through this needs nothing of the stream: a proxy without a control plane does not load the libraries of one, which
/// would be half a MiB of its memory.
/// </remarks>
internal interface IControlSource : IDocumentSource
{
    /// <summary>What the control plane binds names to.</summary>
    INamer Namer { get; }

    /// <summary>Why the control plane cannot be heard; null when it can, or has not been tried yet.</summary>
    string? Error { get; }

    /// <summary>Since when nobody vouches for what is known; null while the control plane is there.</summary>
    DateTimeOffset? StaleSince { get; }

    /// <summary>Names that namers make are the control plane's, the others the proxy's own affair.</summary>
    IEndpointSource EndpointsWith(IEndpointSource own);

    /// <summary>Says for <c>/config</c> how it is doing.</summary>
    void Describe(Utf8JsonWriter writer, ProxyConfig config, DateTimeOffset now);
}
