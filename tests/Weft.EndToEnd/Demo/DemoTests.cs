using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Demo;

public class DemoTests
{
    // It is done in half of that on a quiet machine; a busy one needs the time to start a dozen processes and to be asked often enough.
    private const int Seconds = 40;

    // Bounded by --seconds, and by what it takes to start a process and to end a dozen.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(Seconds + 5);

    [Fact]
    public async Task The_story_holds_and_leaves_nothing_behind()
    {
        await using var demo = ChildProcess.Start(WeftProgram.Path, "demo", "--seconds", $"{Seconds}", "-o", "json");
        await Eventually.Is(() => demo.HasExited, "the demo ended", Limit);
        Assert.True(await demo.Exit() == 0, $"{demo.Output}\n{demo.Errors}");

        using var report = JsonDocument.Parse(demo.Output);
        var root = report.RootElement;
        Assert.Equal(
            ["held", "steps", "requests", "failures", "retries", "p50Ms", "p99Ms"],
            root.EnumerateObject().Select(property => property.Name)
        );
        Assert.True(root.GetProperty("held").GetBoolean(), demo.Output);
        Assert.Equal(5, root.GetProperty("steps").GetArrayLength());
        Assert.All(
            root.GetProperty("steps").EnumerateArray(),
            step => Assert.True(step.GetProperty("held").GetBoolean(), step.GetProperty("detail").GetString())
        );
        Assert.InRange(root.GetProperty("retries").GetInt32(), 1, int.MaxValue);
        Assert.InRange(root.GetProperty("failures").GetInt32(), 1, root.GetProperty("requests").GetInt32() - 1);
        Assert.True(root.GetProperty("p99Ms").GetDouble() >= root.GetProperty("p50Ms").GetDouble());
        await Eventually.Is(() => ChildrenOf(demo.Id).Length == 0, "the shop's processes ended");
    }

    [Theory]
    [InlineData(2, 130)] // SIGINT: Ctrl-C
    [InlineData(15, 130)] // SIGTERM
    [InlineData(9, 137)] // SIGKILL: it can do nothing more; its processes notice that it is gone
    public async Task Every_process_ends_with_the_demo_however_it_is_stopped(int signal, int exitCode)
    {
        await using var demo = ChildProcess.Start(WeftProgram.Path, "demo");
        // Between its fork and its exec a child still has its parent's command line.
        await Eventually.Is(
            () => ChildrenOf(demo.Id) is { Length: 11 } started && FoldersOf(started).Length == 1,
            "5 services and 6 proxies were started"
        );
        var children = ChildrenOf(demo.Id);
        Assert.SkipWhen(
            Ignores(demo.Id, signal),
            $"signal {signal} is ignored here, as shells do for their background"
        );
        var folder = Assert.Single(FoldersOf(children));
        demo.Signal(signal);
        if (signal != 9)
            demo.Signal(signal); // As "timeout" does it: once to the process, once to its group.
        Assert.Equal(exitCode, await demo.Exit());
        await Eventually.Is(() => !children.Any(IsRunning), "the shop's processes ended");
        if (signal == 9)
            Directory.Delete(folder, recursive: true); // Nobody else is left to do it.
        Assert.False(Directory.Exists(folder), folder);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("soon")]
    public async Task A_time_that_is_none_is_refused(string seconds)
    {
        var (code, output, errors) = await WeftProgram.Run("demo", "--seconds", seconds);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"'{seconds}'; write a number from 8 to 600", errors, StringComparison.Ordinal);
    }

    /// <summary>Processes that a process started and that still run.</summary>
    private static int[] ChildrenOf(int parent)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        return
        [
            .. Directory
                .GetDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
                .Where(id => id > 0 && StatOf(id) is { } stat && stat.Parent == parent && stat.State != 'Z'),
        ];
    }

    /// <summary>The shop's folder, out of the command line of one of its proxies.</summary>
    private static string[] FoldersOf(IEnumerable<int> children) =>
        [
            .. children
                .SelectMany(id => File.ReadAllText($"/proc/{id}/cmdline").Split('\0'))
                .Where(argument => argument.EndsWith("visitors.yaml", StringComparison.Ordinal))
                .Select(file => Path.GetFullPath(Path.Combine(file, "..", ".."))),
        ];

    /// <summary>proc_pid_status(5): the signals that are ignored, as a hexadecimal set.</summary>
    private static bool Ignores(int id, int signal)
    {
        var line = File.ReadLines($"/proc/{id}/status").Single(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (signal - 1) & 1) == 1;
    }

    private static bool IsRunning(int id) => StatOf(id) is { State: not 'Z' };

    /// <summary>proc_pid_stat(5): the state and the parent stand behind the program's name, which is in parentheses.</summary>
    private static (char State, int Parent)? StatOf(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1]));
        }
        catch (IOException)
        {
            return null; // It ended in between.
        }
    }
}
