using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>What bench/control measures at scale, in small: that it measures at all, and what does not depend on the machine.</summary>
public class ScaleBenchTests
{
    private const int Proxies = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static string Program =>
        Path.Combine(
            new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Parent!.FullName,
            "Weft.Bench.ControlPlane",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)),
            "Weft.Bench.ControlPlane.dll"
        );

    [Fact]
    public async Task an_endpoint_change_is_sent_to_those_who_watch_it_and_a_restart_sends_nothing_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "it reads what Linux says of processes");
        var (code, output, errors) = await Run(
            "--proxies",
            $"{Proxies}",
            "--services",
            "100",
            "--endpoints",
            "1000",
            "--names",
            "20",
            "--rounds",
            "1",
            "--rest",
            "1",
            "-o",
            "json"
        );
        Assert.True(output.StartsWith('{'), $"exit code {code}\n{output}\n{errors}");
        using var results = JsonDocument.Parse(output);
        var root = results.RootElement;
        // Whether it was in time is for the bench to say, on a machine that does nothing else.
        Assert.Equal(root.GetProperty("held").GetBoolean() ? 0 : 1, code);
        Assert.Equal(5, root.GetProperty("memory").GetArrayLength());
        var changes = root.GetProperty("changes").EnumerateArray().ToArray();
        Assert.Equal([1, 10, Proxies, 1, 10, Proxies], changes.Select(c => c.GetProperty("subscribers").GetInt32()));
        Assert.All(
            root.GetProperty("claims")
                .EnumerateArray()
                .Where(c => c.GetProperty("what").GetString()!.StartsWith("bytes", StringComparison.Ordinal)),
            c => Assert.True(c.GetProperty("holds").GetBoolean())
        );
        // What a proxy knows already is not sent again.
        Assert.InRange(BytesToEach("all connect at once"), 20_000, double.MaxValue);
        Assert.InRange(BytesToEach("a restart"), 1, 1_000);

        double BytesToEach(string when) =>
            root.GetProperty("figures")
                .EnumerateArray()
                .Single(f => f.GetProperty("what").GetString() == $"{when}: sent to each proxy")
                .GetProperty("median")
                .GetDouble();
    }

    [Theory]
    [InlineData("--proxies needs a number from 1 to 5000", "--proxies", "many")]
    [InlineData("unknown option '--proxy'", "--proxy", "1")]
    [InlineData("--names: there are not so many --services", "--names", "20", "--services", "10")]
    public async Task wrong_usage_is_said_and_nothing_is_started(string said, params string[] arguments)
    {
        var (code, output, errors) = await Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        await using var bench = ChildProcess.Start("dotnet", [Program, "--weft", WeftProgram.Path, .. arguments]);
        var code = await bench.Exit(s_patience);
        return (code, bench.Output, bench.Errors);
    }
}
