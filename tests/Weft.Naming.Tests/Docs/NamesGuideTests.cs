using System.Runtime.CompilerServices;
using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Docs;

/// <summary>Runs the examples of docs/names.md.</summary>
public sealed class NamesGuideTests
{
    public static TheoryData<string, string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string, string>();
            var lines = File.ReadAllLines(Guide());
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i] is "```names")
                {
                    examples.Add(
                        Value(lines[i + 1], "dtab"),
                        Value(lines[i + 2], "name"),
                        Value(lines[i + 3], "bound")
                    );
                }
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_of_the_guide_is_true(string dtab, string name, string bound)
    {
        var files = new ScriptedNamer().Bind("/#/file/books-v1", "/#/file/books-v2", "/#/file/web");
        files["/#/file/books-v3"] = new NameState.Failed("books-v3 cannot be read");
        Assert.Equal(bound, Show.Bind(dtab, name, files));
    }

    [Fact]
    public void The_limits_that_the_guide_states_are_those_in_force()
    {
        var guide = File.ReadAllText(Guide());
        Assert.Contains(
            $"at most {SyntaxLimits.MaxTextLength / 1000} {SyntaxLimits.MaxTextLength % 1000} characters",
            guide
        );
        Assert.Contains($"{SyntaxLimits.MaxDentries} entries and {SyntaxLimits.MaxNesting} levels", guide);
        Assert.Contains($"rewritten {BindLimits.Default.MaxDepth} times", guide);
        Assert.Contains($"visit {BindLimits.Default.MaxNodes / 1000} 000 names", guide);
    }

    private static string Value(string line, string key)
    {
        Assert.StartsWith(key, line);
        return line[key.Length..].Trim();
    }

    private static string Guide([CallerFilePath] string thisFile = "") =>
        System.IO.Path.GetFullPath("../../../docs/names.md", System.IO.Path.GetDirectoryName(thisFile)!);
}
