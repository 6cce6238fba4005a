using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Which agent to ask, and which instances count.</summary>
public sealed record ConsulNamerOptions
{
    /// <summary>The agent's HTTP API.</summary>
    public required BackendHttpOptions Http { get; init; }

    /// <summary>Whether names have a tag between the datacentre and the service.</summary>
    public bool IncludeTag { get; init; }

    /// <summary>The states of health that count; an instance is in the worst state of its checks.</summary>
    public ImmutableArray<ConsulHealth> Health { get; init; } = [ConsulHealth.Passing];

    public ConsulConsistency Consistency { get; init; }

    /// <summary>Whether an instance's own address counts before its node's.</summary>
    public bool PreferServiceAddress { get; init; } = true;

    /// <summary>Weights by tag; the highest that matches wins over what the instance says of itself.</summary>
    public ImmutableArray<(string Tag, double Weight)> Weights { get; init; } = [];

    /// <summary>How long the agent may wait for a change before it answers that there was none.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How the watches are kept.</summary>
    public WatchOptions Watching { get; init; } = new();
}

/// <summary>States of a check, from good to bad.</summary>
public enum ConsulHealth
{
    Passing,
    Warning,
    Critical,

    /// <summary>The instance or its node is in maintenance.</summary>
    Maintenance,
}

/// <summary>How much a server must have agreed with the others before it answers.</summary>
public enum ConsulConsistency
{
    /// <summary>The leader answers, nearly always with the latest.</summary>
    Default,

    /// <summary>Any server answers, also when there is no leader.</summary>
    Stale,

    /// <summary>The leader asks the others first.</summary>
    Consistent,
}
