namespace Weft.Api.Documents;

/// <summary>What the proxies of a namespace counted in the last stretch of time, as they reported it.</summary>
public sealed record TrafficInfo
{
    public required string Namespace { get; init; }

    /// <summary>The stretch that was asked for.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>
    /// The stretch that the counts are of: slots of ten seconds, until the latest report, and no longer than there are reports. Absent when no
    /// report is of that time.
    /// </summary>
    public double? CoveredSeconds { get; init; }

    /// <summary>Those that are connected, and those that left in the last ten minutes.</summary>
    public required IReadOnlyList<ReporterInfo> Proxies { get; init; }

    /// <summary>Requests as their callers saw them.</summary>
    public required IReadOnlyList<TrafficRow> Requests { get; init; }

    /// <summary>Attempts as endpoints answered them.</summary>
    public required IReadOnlyList<TrafficRow> Attempts { get; init; }
}

/// <summary>A proxy, as a source of counts.</summary>
public sealed record ReporterInfo
{
    public required string Id { get; init; }

    /// <summary>The service that it stands beside, its id where there is none; absent until it has reported.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether its stream is open.</summary>
    public required bool Connected { get; init; }

    /// <summary>When the latest report came; absent when none ever did: what this proxy does is missing in the counts.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The same as an age.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>Why its reports are not taken; absent when they are.</summary>
    public string? Refused { get; init; }
}

/// <summary>Counts of one group of calls; what the group has in common is said, the rest is absent.</summary>
public sealed record TrafficRow
{
    /// <summary><c>outbound</c> or <c>inbound</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>Whose calls these are; of inbound ones, which service's proxies took them.</summary>
    public string? Caller { get; init; }

    public string? Service { get; init; }

    /// <summary>Of requests.</summary>
    public string? Route { get; init; }

    /// <summary>Of attempts: the concrete name.</summary>
    public string? Client { get; init; }

    public required long Successes { get; init; }

    public required long Failures { get; init; }

    /// <summary>Of attempts: those that were not the first of their request.</summary>
    public long? Retries { get; init; }

    /// <summary>Of all durations together.</summary>
    public required double SumSeconds { get; init; }

    /// <summary>Estimated within the bucket of the histogram; absent when nothing was measured.</summary>
    public double? P50Ms { get; init; }

    /// <summary>The same.</summary>
    public double? P95Ms { get; init; }

    /// <summary>The same.</summary>
    public double? P99Ms { get; init; }
}
