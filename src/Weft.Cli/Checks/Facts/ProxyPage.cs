using System.Text.Json.Serialization;
using Weft.Api.Documents;

namespace Weft.Cli.Checks;

/// <summary>What a proxy's <c>/config</c> says, as far as it is looked at. What another version leaves out is null.</summary>
internal sealed record ProxyPage
{
    public long? Version { get; init; }

    public ProcessPage? Process { get; init; }

    public FollowedPage? Control { get; init; }

    public IReadOnlyList<ListenerPage>? Listeners { get; init; }

    public IReadOnlyList<DocumentPage>? Documents { get; init; }

    public IReadOnlyList<NamerInfo>? Namers { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyList<string>? Problems { get; init; }
}

/// <summary>The proxy's process.</summary>
internal sealed record ProcessPage(string? Version, DateTimeOffset? Time, int? Workers, int? Cores);

/// <summary>The control plane that a proxy follows.</summary>
internal sealed record FollowedPage(
    string? Address,
    string? Namespace,
    bool? Connected,
    string? Error,
    string? From,
    double? AgeSeconds
);

/// <summary>One listener.</summary>
internal sealed record ListenerPage(string? Name, string? Address, int? Connections);

/// <summary>A document in force.</summary>
internal sealed record DocumentPage(string? Kind, string? Name);

/// <summary>A concrete name in use, as <c>/endpoints</c> has it.</summary>
internal sealed record ClientPage(string? Direction, string? Client, IReadOnlyList<EndpointPage>? Endpoints);

/// <summary>One endpoint.</summary>
internal sealed record EndpointPage(string? Address, string? State, string? Why);

/// <summary>The JSON of a proxy's admin pages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProxyPage))]
[JsonSerializable(typeof(ClientPage[]))]
internal sealed partial class AdminPages : JsonSerializerContext;
