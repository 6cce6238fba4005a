namespace Weft.Cli.Demo;

/// <summary>Makes a sample out of an answer of the shop.</summary>
internal static class SampleReader
{
    /// <summary>Characters of a lost request's answer that are kept.</summary>
    public const int MaxWhy = 160;

    /// <summary>Tells a page, a fault of the shop and a loss of the mesh apart.</summary>
    /// <param name="started">When the request left.</param>
    /// <param name="ended">When the answer was complete.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="servedBy">Its <c>served-by</c> field (<see cref="ServedBy"/>), if any.</param>
    /// <param name="weftError">Its <c>weft-error</c> field, if any: the error was made by the visitor's own proxy.</param>
    /// <param name="body">Of an error: a line for every call that failed (<see cref="ShopService"/>).</param>
    public static Sample Read(
        TimeSpan started,
        TimeSpan ended,
        int status,
        string? servedBy,
        string? weftError,
        string body
    )
    {
        var (direct, viaBooks) = ServedBy.Authors(servedBy);
        if (status == 200 && weftError is null)
        {
            return new Sample(started, ended, Outcome.Success, direct, viaBooks);
        }

        // A request that fails for two reasons is the mesh's loss if only one of them is.
        var lost = weftError is not null || status != 500 || FirstForeignLine(body) is not null;
        return lost
            ? new Sample(started, ended, Outcome.Lost, direct, viaBooks, Explain(status, weftError, body))
            : new Sample(started, ended, Outcome.Fault, direct, viaBooks);
    }

    /// <summary>A request that got no answer.</summary>
    public static Sample Unanswered(TimeSpan started, TimeSpan ended, string why) =>
        new(started, ended, Outcome.Lost, null, null, Shorten(why));

    private static string? FirstForeignLine(string body)
    {
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0
            ? "an error without an explanation"
            : Array.Find(lines, line => !line.EndsWith(ShopService.Fault, StringComparison.Ordinal));
    }

    private static string Explain(int status, string? weftError, string body) =>
        Shorten($"{status} {weftError ?? FirstForeignLine(body) ?? body}".TrimEnd());

    private static string Shorten(string text) => text.Length <= MaxWhy ? text : text[..MaxWhy];
}
