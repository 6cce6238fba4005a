namespace Weft.Discovery;

/// <summary>How often hosts are asked for, and how many are kept.</summary>
public sealed record HostResolverOptions
{
    /// <summary>Between two questions for one host, give or take a fifth.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A host that nobody asked for in this long is forgotten.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Hosts that are kept; beyond it the one unused for longest goes.</summary>
    public int MaxHosts { get; init; } = 10_000;

    /// <summary>Questions at the same time: the platform's resolver holds a thread for each.</summary>
    public int MaxQuestions { get; init; } = 16;

    /// <summary>How often in a row a host must be denied before known addresses are given up.</summary>
    public int Denials { get; init; } = 3;
}
