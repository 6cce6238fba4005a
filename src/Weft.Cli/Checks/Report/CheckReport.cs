namespace Weft.Cli.Checks;

/// <summary>What all checks found together.</summary>
/// <param name="Findings">In the order of checks.</param>
/// <param name="IsStrict">Whether warnings count as errors.</param>
internal sealed record CheckReport(IReadOnlyList<Finding> Findings, bool IsStrict)
{
    public int Errors => Findings.Count(f => f.Status == FindingStatus.Error);

    public int Warnings => Findings.Count(f => f.Status == FindingStatus.Warning);

    public bool IsOk => Errors == 0 && !(IsStrict && Warnings > 0);

    /// <summary>How many of each, in one line.</summary>
    public string Summary =>
        $"{FindingList.Counted(Errors, "error")}, {FindingList.Counted(Warnings, "warning")}, "
        + $"{Findings.Count - Errors - Warnings} ok";
}
