using Weft.Cli.Invocation;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("weft: there is no verb 'delegat'; did you mean 'delegate'?", "delegat", "/a")]
    [InlineData("weft: there is no verb 'zzz'", "zzz")]
    [InlineData("weft dtab: there is no verb 'chek'; did you mean 'check'?", "dtab", "chek", "/a => /b")]
    [InlineData("weft stat: there is no option '--prxy'; did you mean '--proxy'?", "stat", "--prxy", "x")]
    [InlineData("weft stat: there is no option '--windwo'; did you mean '--window'?", "stat", "--windwo=1s")]
    [InlineData("weft stat: there is no option '--hlp'; did you mean '--help'?", "stat", "--hlp")]
    [InlineData("weft delegate: 'b' is one argument too many", "delegate", "/a", "b")]
    [InlineData("weft delegate: PATH is missing: the name, such as /svc/books", "delegate")]
    [InlineData("weft proxy: option '--config' is required", "proxy")]
    [InlineData("weft stat: 'xml' is no format of output: write text, json or yaml", "stat", "-o", "xml")]
    public async Task Wrong_usage_says_what_was_meant(string error, params string[] args)
    {
        var result = await Cli.Run(args);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.Equal(error, result.Error.Split('\n')[0]);
        Assert.EndsWith(" --help' shows how it is used\n", result.Error);
    }

    [Fact]
    public async Task No_verb_at_all_is_wrong_usage()
    {
        var result = await Cli.Run();

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.StartsWith("weft: a verb is missing: one of demo, proxy, control, dtab, ", result.Error);
    }

    public static TheoryData<string> Verbs()
    {
        using var nothing = new StringReader("");
        var root = CommandLine.Create(
            new CliContext
            {
                In = nothing,
                Out = TextWriter.Null,
                Error = TextWriter.Null,
            }
        );
        return [.. root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_has_help_with_an_example(string verb)
    {
        var result = await Cli.Run(verb, "--help");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"  weft {verb}", result.Text[result.Text.IndexOf("Example", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("/h")]
    [InlineData("/?")]
    public async Task Names_that_look_like_options_of_other_systems_are_names(string name) =>
        Assert.NotEqual(0, (await Cli.Run("delegate", name)).ExitCode);

    [Fact]
    public async Task An_at_sign_names_no_file_of_arguments() =>
        Assert.StartsWith("dtab:1:1: ", (await Cli.Run("dtab", "check", "@x")).Error);

    [Fact]
    public async Task A_proxys_file_can_be_checked()
    {
        using var shop = new Bookshop();
        var file = shop.Write("proxy.yaml", "resources: ./mesh\nlisteners: []\n");
        var result = await Cli.Run("proxy", "--check", "-c", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.StartsWith("proxy.yaml:2:", shop.Without(result.Error));
    }
}
