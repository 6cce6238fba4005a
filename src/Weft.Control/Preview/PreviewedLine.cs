using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>What a change does to requests; the worst first.</summary>
internal enum Verdict
{
    /// <summary>Some of them would fail that do not now.</summary>
    Fails,

    /// <summary>It cannot be told.</summary>
    Uncertain,

    /// <summary>Some of them would end elsewhere.</summary>
    Changes,

    /// <summary>All of them would end where they do now.</summary>
    Stays,
}

/// <summary>One way that requests may go now, and the one that they would go in its place.</summary>
/// <param name="Dtab">The Dtab document that they are bound by.</param>
/// <param name="NowRule">The rule that they take; null for none.</param>
/// <param name="ThenRule">The rule that they would take; null for none.</param>
/// <param name="Now">Where they go.</param>
/// <param name="Then">Where they would go.</param>
internal sealed record PreviewedCase(string Dtab, string? NowRule, string? ThenRule, Way Now, Way Then)
{
    public Verdict Verdict =>
        Now.IsSameAs(Then) ? Verdict.Stays
        : Now.IsUnknown || Then.IsUnknown ? Verdict.Uncertain
        : Now.LostIn(Then) > 0 ? Verdict.Fails
        : Verdict.Changes;

    /// <summary>Whether another case says the same of how many requests change, though perhaps not of where they go.</summary>
    public bool IsAsFarAs(PreviewedCase other) =>
        Verdict == other.Verdict
        && Math.Abs(Now.MovedTo(Then) - other.Now.MovedTo(other.Then)) <= Way.Tolerance
        && Math.Abs(Now.LostIn(Then) - other.Now.LostIn(other.Then)) <= Way.Tolerance;

    /// <summary>Whether another case says the same of where requests go.</summary>
    public bool IsLike(PreviewedCase other) => Now.IsSameAs(other.Now) && Then.IsSameAs(other.Then);
}

/// <summary>What a change would do to the requests of one caller to one service by one route.</summary>
/// <param name="Calls">What was seen.</param>
/// <param name="Cases">At least one, each different; several where it cannot be told which it is.</param>
/// <param name="DependsOn">What it depends on, where it cannot be told.</param>
/// <param name="Notes">What else changes about them.</param>
/// <param name="Touched">The changed documents that make a difference to them.</param>
internal sealed record PreviewedLine(
    SeenCalls Calls,
    ImmutableArray<PreviewedCase> Cases,
    ImmutableArray<string> DependsOn,
    ImmutableArray<string> Notes,
    ImmutableHashSet<DocumentKey> Touched
)
{
    /// <summary>What all cases agree on.</summary>
    public Verdict Verdict { get; } = Cases.All(Cases[0].IsAsFarAs) ? Cases[0].Verdict : Verdict.Uncertain;

    /// <summary>The share of requests that would end elsewhere, 0 to 1; null when it cannot be told.</summary>
    public double? Moved => Verdict is Verdict.Uncertain ? null : Cases[0].Now.MovedTo(Cases[0].Then);

    /// <summary>The share of requests that would fail and do not now, 0 to 1; null when it cannot be told.</summary>
    public double? Lost => Verdict is Verdict.Uncertain ? null : Cases[0].Now.LostIn(Cases[0].Then);

    /// <summary>Whether there is anything to say about it.</summary>
    public bool IsTouched => Verdict is not Verdict.Stays || !Notes.IsEmpty;
}
