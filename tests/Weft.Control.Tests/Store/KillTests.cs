using System.Diagnostics;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Store;

public sealed class KillTests : IDisposable
{
    private const int Kills = 52;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task what_was_acknowledged_survives_a_kill_at_any_moment()
    {
        var random = new Random(20_417);
        var acknowledged = new Dictionary<long, string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(random, acknowledged, kill);
            await using var store = EmbeddedStore.Open(_folder.Root, TimeProvider.System);
            Check(store.View, acknowledged);
        }

        Assert.True(acknowledged.Count > Kills, $"only {acknowledged.Count} revisions were written in all");
    }

    private async Task RunAndKillAsync(Random random, Dictionary<long, string> acknowledged, int seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (System.IO.Path.GetFileNameWithoutExtension(start.FileName) is "dotnet")
        {
            start.ArgumentList.Add(typeof(KilledWriter).Assembly.Location);
        }

        start.ArgumentList.Add(KilledWriter.Verb);
        start.ArgumentList.Add(_folder.Root);
        start.ArgumentList.Add($"{seed}");
        using var child = Process.Start(start)!;
        // Lines in the pipe when it dies were acknowledged too: read on to the end.
        var killAfter = random.Next(1, 60);
        var lines = 0;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 2) is [var revision, var said] && said.Split(' ').Length == 2)
            {
                acknowledged[long.Parse(revision)] = said;
            }

            if (++lines == killAfter)
            {
                child.Kill();
            }
        }

        await child.WaitForExitAsync();
        Assert.True(lines >= killAfter, $"the child ended by itself after {lines} lines: exit code {child.ExitCode}");
    }

    private static void Check(StoreView view, Dictionary<long, string> acknowledged)
    {
        var kept = view
            .Namespaces.Values.SelectMany(n => n.Histories.Values)
            .SelectMany(h => h.Revisions)
            .ToDictionary(r => r.Revision, r => $"{r.Key.Name} {KilledWriter.Sum(r.Text)}");
        Assert.True(view.Revision >= acknowledged.Keys.Max());
        var oldest = view.Namespace("default")
            .Histories.Values.ToDictionary(
                h => h.Latest.Key.Name,
                h => h.Revisions.Length < 50 ? 0 : h.Revisions[0].Revision
            );
        foreach (var (revision, said) in acknowledged)
        {
            // A history is bounded: of each document the latest revisions must be there.
            if (revision >= oldest[said.Split(' ')[0]])
            {
                Assert.Equal(said, kept.GetValueOrDefault(revision));
            }
        }
    }
}
