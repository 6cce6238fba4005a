namespace Weft.Cli.Demo;

/// <summary>What the proxies of those who call authors have counted of its endpoints: the other half of what the visitors recorded.</summary>
/// <param name="Attempts">Attempts at any of them.</param>
/// <param name="Successes">Those that were answered well.</param>
/// <param name="Retries">Those that were not the first of their request.</param>
/// <param name="Circuits">Times that a circuit of version 2 opened, caller by caller.</param>
internal sealed record AuthorsTally(double Attempts, double Successes, double Retries, IReadOnlyList<double> Circuits)
{
    /// <summary>What was counted until a scrape.</summary>
    public static AuthorsTally Of(Scrape scrape)
    {
        var attempts = scrape.Outbound("weft_attempts_total", "client", IsAuthors).ToArray();
        return new AuthorsTally(
            attempts.Sum(s => s.Value),
            attempts.Where(s => s["result"] == "success").Sum(s => s.Value),
            attempts.Where(s => s["try"] == "retry").Sum(s => s.Value),
            [.. scrape.Pages.Select(page => CircuitsIn(scrape with { Pages = [page] }))]
        );
    }

    /// <summary>What was counted after an earlier one.</summary>
    public AuthorsTally Since(AuthorsTally earlier) =>
        new(
            Attempts - earlier.Attempts,
            Successes - earlier.Successes,
            Retries - earlier.Retries,
            [.. Circuits.Zip(earlier.Circuits, (now, then) => now - then)]
        );

    private static double CircuitsIn(Scrape scrape) =>
        scrape.Outbound("weft_ejections_total", "client", IsVersion2).Sum(s => s.Value);

    private static bool IsAuthors(string client) => IsVersion2(client) || IsOf(client, Judge.Version1);

    private static bool IsVersion2(string client) => IsOf(client, Judge.Version2);

    private static bool IsOf(string client, string version) => client.EndsWith($"/{version}", StringComparison.Ordinal);
}
