using System.Collections.Immutable;
using System.Net;

namespace Weft.Naming;

/// <summary>One address that serves a concrete name.</summary>
/// <param name="Address">Where to connect.</param>
/// <param name="Weight">Its share of the load relative to its siblings; finite, 0 or more, 1 when nothing was said.</param>
public sealed record Endpoint(IPEndPoint Address, double Weight = 1)
{
    /// <summary>What else the namer knows of it (zone, protocol, ...), never null.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}
