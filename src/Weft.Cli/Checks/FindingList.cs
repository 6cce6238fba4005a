namespace Weft.Cli.Checks;

/// <summary>Keeps what others can make grow within bounds.</summary>
internal static class FindingList
{
    /// <summary>Findings of one check at one target that are shown one by one.</summary>
    public const int Max = 20;

    /// <summary>The first ones, the worst before the others, and how many more there are.</summary>
    public static IEnumerable<Finding> Bounded(IReadOnlyCollection<Finding> findings)
    {
        if (findings.Count <= Max)
        {
            return findings;
        }

        var worst = findings.OrderByDescending(f => f.Status).ToArray();
        var next = worst[Max];
        return
        [
            .. worst.Take(Max),
            next with
            {
                Detail = $"and {findings.Count - Max} more like these",
                Remedy = "begin with those above",
            },
        ];
    }

    public static string Counted(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
