using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Which ensemble to ask, and where in its tree services are.</summary>
public sealed record ServerSetsOptions
{
    /// <summary>The servers, each <c>host</c> and port; one of them is chosen at random for a session.</summary>
    public required ImmutableArray<(string Host, int Port)> Servers { get; init; }

    /// <summary>What is put before the path of a name; empty for the root.</summary>
    public string Root { get; init; } = "";

    /// <summary>How long the ensemble keeps a session of which it hears nothing.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How the watches are kept.</summary>
    public WatchOptions Watching { get; init; } = new();
}
