namespace Weft.Control.Tests.Store;

/// <summary>The process that is killed: writes without an end, and says on its output what was acknowledged.</summary>
internal static class KilledWriter
{
    public const string Verb = "killed-writer";

    /// <summary>Long enough for a test that forgot to kill it.</summary>
    private const int MaxRounds = 200_000;

    public static async Task<int> RunAsync(string folder, int seed)
    {
        var random = new Random(seed);
        await using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        for (var round = 0; round < MaxRounds; round++)
        {
            // Several at once, so that groups are torn too; and now and then much, so that files are replaced while it is killed.
            var commits = Enumerable.Range(0, 4).Select(_ => Next(random)).ToArray();
            var outcomes = await Task.WhenAll(commits.Select(c => store.CommitAsync(c, CancellationToken.None)));
            foreach (var outcome in outcomes.OfType<CommitOutcome.Committed>())
            {
                foreach (var written in outcome.Written)
                {
                    Console.Out.WriteLine($"{written.Revision} {written.Key.Name} {Sum(written.Text)}");
                }
            }

            await Console.Out.FlushAsync();
        }

        return 0;
    }

    /// <summary>A document's text in short.</summary>
    public static string Sum(string? text) => text is null ? "-" : $"{text.Length}:{text.Sum(c => c)}";

    private static Commit Next(Random random)
    {
        var name = $"s{random.Next(8)}";
        var isRemoval = random.Next(10) == 0;
        var text = new string((char)('a' + random.Next(26)), random.Next(20) == 0 ? 300_000 : random.Next(2000));
        return new Commit(
            "default",
            [new DocumentChange(new DocumentKey("Service", name), isRemoval ? null : text)],
            "child"
        );
    }
}
