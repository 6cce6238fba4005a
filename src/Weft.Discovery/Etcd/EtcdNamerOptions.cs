using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Which cluster to ask, and where in its keys services are.</summary>
public sealed record EtcdNamerOptions
{
    /// <summary>The members; one of them is chosen at random each time.</summary>
    public required ImmutableArray<BackendHttpOptions> Members { get; init; }

    /// <summary>What all keys of services begin with; ends with a slash.</summary>
    public string Root { get; init; } = "/weft/services/";

    /// <summary>Between two questions whether the member is still there.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the watch is kept.</summary>
    public WatchOptions Watching { get; init; } = new();
}
