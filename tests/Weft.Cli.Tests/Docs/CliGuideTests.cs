using System.Text;
using System.Text.RegularExpressions;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Docs;

using Cli = Support.Cli;

/// <summary>Runs the guide's examples: what it says is printed is printed, and the program ends as it says.</summary>
public sealed partial class CliGuideTests
{
    public static TheoryData<string, int, string> Examples()
    {
        var examples = new TheoryData<string, int, string>();
        foreach (var (_, block) in Blocks("console").Where(b => b.Name.Length == 0))
        {
            foreach (var (command, exitCode, output) in Commands(block))
            {
                examples.Add(command, exitCode, output);
            }
        }

        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_prints_what_the_guide_says(string command, int exitCode, string output)
    {
        using var folder = Files();
        await Check(folder, new Cli(), command, exitCode, output);
    }

    /// <summary>The blocks named <c>control</c> are one story, told to one control plane, whatever its port is here.</summary>
    [Fact]
    public async Task The_examples_with_a_control_plane_print_what_the_guide_says()
    {
        using var folder = Files();
        await using var plane = await ControlPlane.StartAsync();
        var cli = new Cli { Control = plane.Address };
        foreach (var (_, block) in Blocks("console").Where(b => b.Name == "control"))
        {
            foreach (var (command, exitCode, output) in Commands(block))
            {
                var here = command.Replace("127.0.0.1:4190", plane.Address, StringComparison.Ordinal);
                await Check(folder, cli, here, exitCode, output);
            }
        }
    }

    private static async Task Check(TempFolder folder, Cli cli, string command, int exitCode, string output)
    {
        string[] args = [.. Words(command).Select(w => IsFile(folder, w) ? System.IO.Path.Combine(folder.Root, w) : w)];
        var result = await cli.RunAsync(args);

        Assert.Equal(output, folder.Without(result.Error + result.Text));
        Assert.Equal(exitCode, result.ExitCode);
    }

    private static TempFolder Files()
    {
        var folder = new TempFolder();
        foreach (var (name, content) in Blocks("yaml").Concat(Blocks("text")).Where(b => b.Name.Length > 0))
        {
            folder.Write(name, content);
        }

        return folder;
    }

    private static IEnumerable<(string Command, int ExitCode, string Output)> Commands(string block)
    {
        foreach (var part in block.Split("$ weft ", StringSplitOptions.RemoveEmptyEntries))
        {
            var end = part.IndexOf('\n');
            var line = ExitNote().Match(part[..end]);
            var exitCode = line.Groups["code"] is { Success: true } code ? int.Parse(code.Value) : 0;
            yield return (line.Groups["command"].Value.TrimEnd(), exitCode, part[(end + 1)..]);
        }
    }

    [Fact]
    public void The_guide_names_every_verb()
    {
        foreach (var verb in Verbs.UsageTests.Verbs())
        {
            Assert.Contains(verb.Data == "dtab" ? "## weft dtab check\n" : $"## weft {verb.Data}\n", Guide());
        }
    }

    /// <summary>The fenced blocks of a language, with what follows the language as their name.</summary>
    private static IEnumerable<(string Name, string Content)> Blocks(string language) =>
        Fence()
            .Matches(Guide())
            .Where(m => m.Groups["language"].Value == language)
            .Select(m => (m.Groups["name"].Value.Trim(), m.Groups["content"].Value));

    private static bool IsFile(TempFolder folder, string word) =>
        !word.StartsWith('/') && System.IO.Path.Exists(System.IO.Path.Combine(folder.Root, word));

    /// <summary>As a shell splits them: at spaces, but not within single quotes.</summary>
    private static List<string> Words(string command)
    {
        var words = new List<string>();
        foreach (Match match in Word().Matches(command))
        {
            words.Add(match.Value.Replace("'", ""));
        }

        return words;
    }

    private static string Guide()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Weft.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return File.ReadAllText(System.IO.Path.Combine(folder.FullName, "docs", "cli.md"), Encoding.UTF8);
    }

    [GeneratedRegex(
        @"^```(?<language>\w+)(?<name>[^\n]*)\n(?<content>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?<command>.*?)(?:\s+# exit (?<code>\d+))?$")]
    private static partial Regex ExitNote();

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Word();
}
