namespace Weft.Api.Documents;

/// <summary>How a control plane is doing.</summary>
public sealed record ControlStatus
{
    /// <summary>Of its program, with the commit behind a <c>+</c> where one is known.</summary>
    public required string Version { get; init; }

    /// <summary>Its clock when it answered.</summary>
    public required DateTimeOffset Time { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required StoreInfo Store { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<NamespaceStatus> Namespaces { get; init; }
}

/// <summary>Where documents are kept, and whether they can be.</summary>
/// <param name="Kind"><c>embedded</c> or <c>etcd</c>.</param>
/// <param name="State"><c>ok</c> or <c>failing</c>.</param>
/// <param name="Revision">The last that is known.</param>
/// <param name="Error">With <c>failing</c>: why it could not be used when it was last tried.</param>
/// <param name="Since">With <c>failing</c>: since when.</param>
public sealed record StoreInfo(
    string Kind,
    string State,
    long Revision,
    string? Error = null,
    DateTimeOffset? Since = null
)
{
    public const string Ok = "ok";
    public const string Failing = "failing";
}

/// <summary>How the documents and the namers of one namespace are doing.</summary>
public sealed record NamespaceStatus
{
    /// <summary>Errors and warnings that are told of one namespace; the counts are of all.</summary>
    public const int MaxProblems = 100;

    public required string Name { get; init; }

    public required long Revision { get; init; }

    public required int Documents { get; init; }

    public required int ErrorCount { get; init; }

    public required int WarningCount { get; init; }

    /// <summary>What is wrong with documents that are stored, and therefore not in force.</summary>
    public required IReadOnlyList<ProblemInfo> Errors { get; init; }

    public required IReadOnlyList<ProblemInfo> Warnings { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<NamerInfo> Namers { get; init; }
}

/// <summary>How one namer is doing.</summary>
/// <param name="Name">Of its document.</param>
/// <param name="Kind">Of its source.</param>
/// <param name="Prefix">What its names begin with.</param>
/// <param name="State"><c>idle</c> (nobody has asked yet), <c>ok</c>, <c>holding</c> (a withdrawal of much at once is not believed yet) or <c>failing</c>.</param>
/// <param name="AgeSeconds">How old the oldest of what it knows is; 0 when all is current, absent when it is idle.</param>
/// <param name="Problems">What is wrong with its source.</param>
public sealed record NamerInfo(
    string Name,
    string Kind,
    string Prefix,
    string State,
    double? AgeSeconds,
    IReadOnlyList<string> Problems
)
{
    public const string Idle = "idle";
    public const string Ok = "ok";
    public const string Holding = "holding";
    public const string Failing = "failing";
}
