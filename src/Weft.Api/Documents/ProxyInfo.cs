namespace Weft.Api.Documents;

/// <summary>A proxy whose stream is open.</summary>
public sealed record ProxyInfo
{
    /// <summary>What the proxy calls itself.</summary>
    public required string Id { get; init; }

    /// <summary>Of its program.</summary>
    public required string Version { get; init; }

    public required string Namespace { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>When it last said something.</summary>
    public required DateTimeOffset HeardAt { get; init; }

    /// <summary>Names whose bindings and endpoints it watches.</summary>
    public required int Subscriptions { get; init; }

    /// <summary>Number of the last update that was sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Number of the last update that it has taken in or refused.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Since when updates wait for an acknowledgement and none comes; absent when none waits.</summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <summary>What it has refused and not got anew since.</summary>
    public required IReadOnlyList<RefusalInfo> Refused { get; init; }
}

/// <summary>Something that a proxy could not use, and why.</summary>
public sealed record RefusalInfo(string Kind, string Name, string Reason);

/// <summary>The proxies that are connected to this process, by id.</summary>
public sealed record ProxyList(IReadOnlyList<ProxyInfo> Proxies);
