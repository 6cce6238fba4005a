namespace Weft.Api.Documents;

/// <summary>What a change of documents would do to the calls that proxies have seen lately. Nothing is written.</summary>
public sealed record PreviewResult
{
    /// <summary>Of the namespace.</summary>
    public required long Revision { get; init; }

    /// <summary>What would change, one for each document that was given.</summary>
    public required IReadOnlyList<DocumentChangeInfo> Changes { get; init; }

    /// <summary>About the documents given.</summary>
    public required IReadOnlyList<ProblemInfo> Warnings { get; init; }

    /// <summary>How far back calls were looked at.</summary>
    public required double WindowSeconds { get; init; }

    /// <summary>How much of that proxies have reported; absent when that is not known.</summary>
    public double? ReportedSeconds { get; init; }

    public required PreviewSummary Summary { get; init; }

    /// <summary>What was seen, what matters most first.</summary>
    public required IReadOnlyList<PreviewLine> Lines { get; init; }

    /// <summary>The documents that would change and make no difference to any call that was seen.</summary>
    public required IReadOnlyList<DocumentName> Unseen { get; init; }
}

/// <summary>The requests that were seen, by what would become of them; the four add up to all of them.</summary>
/// <param name="Requests">All.</param>
/// <param name="Stay">Would end where they do now.</param>
/// <param name="Change">Would end elsewhere.</param>
/// <param name="Fail">Would fail and do not now.</param>
/// <param name="Uncertain">It cannot be told.</param>
public sealed record PreviewSummary(long Requests, long Stay, long Change, long Fail, long Uncertain);

/// <summary>A document of the namespace.</summary>
public sealed record DocumentName(string Kind, string Name);

/// <summary>The calls of one caller to one service by one route.</summary>
public sealed record PreviewLine
{
    public const string Fails = "fails";
    public const string Uncertain = "uncertain";
    public const string Changes = "changes";
    public const string Stays = "stays";

    public required string Caller { get; init; }

    public required string Service { get; init; }

    /// <summary>As metrics call it.</summary>
    public required string Route { get; init; }

    public required long Requests { get; init; }

    public required long Failures { get; init; }

    /// <summary><c>fails</c>, <c>uncertain</c>, <c>changes</c> or <c>stays</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The share of requests that would end elsewhere, 0 to 1; absent when it cannot be told.</summary>
    public double? Moved { get; init; }

    /// <summary>The share of requests that would fail and do not now, 0 to 1; absent when it cannot be told.</summary>
    public double? Lost { get; init; }

    /// <summary>At least one; several where it cannot be told which it is.</summary>
    public required IReadOnlyList<PreviewCase> Cases { get; init; }

    /// <summary>What it depends on where it cannot be told.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>What else changes about these calls: timeouts, retries, limits, mirrors, faults.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Where calls go, and where they would go.</summary>
/// <param name="Dtab">The Dtab document that they are bound by.</param>
/// <param name="Now">Shares that add up to 1, the largest first.</param>
/// <param name="Then">The same as it would be.</param>
/// <param name="Rule">The rule that they take; absent when they take none.</param>
/// <param name="ThenRule">The rule that they would take; absent when they would take none.</param>
public sealed record PreviewCase(
    string Dtab,
    IReadOnlyList<PreviewShare> Now,
    IReadOnlyList<PreviewShare> Then,
    string? Rule = null,
    string? ThenRule = null
);

/// <summary>A share of calls and what becomes of them.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Type"><c>name</c>, <c>redirect</c>, <c>no-binding</c>, <c>no-endpoints</c>, <c>no-route</c> or <c>unknown</c>.</param>
/// <param name="Id">The concrete name, or the logical one that cannot be told.</param>
/// <param name="Endpoints">How many the name has; absent when it is none or that is not known.</param>
/// <param name="Message">Where a redirection leads, or why something is not known.</param>
public sealed record PreviewShare(
    double Share,
    string Type,
    string? Id = null,
    int? Endpoints = null,
    string? Message = null
)
{
    public const string Name = "name";
    public const string Redirect = "redirect";
    public const string NoBinding = "no-binding";
    public const string NoEndpoints = "no-endpoints";
    public const string NoRoute = "no-route";
    public const string Unknown = "unknown";
}
