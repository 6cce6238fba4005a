using Weft.Cli.Verbs;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class VersionTests
{
    [Theory]
    [InlineData("1.2.3+0123abc", "1.2.3", "0123abc")]
    [InlineData("1.2.3", "1.2.3", "unknown")]
    [InlineData("", "unknown", "unknown")]
    public void The_commit_stands_behind_a_plus(string program, string version, string commit) =>
        Assert.Equal((version, commit), VersionVerb.Split(program));

    [Fact]
    public async Task Version_commit_and_runtime_are_shown()
    {
        var text = await Cli.Run("version");
        var json = (await Cli.Run("version", "-o", "json")).Json();

        Assert.Equal(
            $"weft {json["version"]}\ncommit {json["commit"]}\nruntime {json["runtime"]} ({json["platform"]})\n",
            text.Text
        );
        Assert.Equal(text, await Cli.Run("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+", (string?)json["version"]);
    }
}
