using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class DtabCheckTests
{
    [Fact]
    public async Task The_normal_form_has_one_entry_a_line()
    {
        var result = await Cli.Run("dtab", "check", "/svc=>/host;# note\n/host => (.90 * /a & 0.10*/b) | ~ ;");

        Assert.Equal(new CliResult(0, "/svc => /host ;\n/host => 0.9 * /a & 0.1 * /b | ~ ;\n", ""), result);
    }

    [Fact]
    public async Task The_spot_of_an_error_is_marked()
    {
        var result = await Cli.Run("dtab", "check", "/svc => /host ;\n/host = /b");

        Assert.Equal(
            new CliResult(2, "", "dtab:2:7: unexpected '='; expected '=>'\n  /host = /b\n        ^\n"),
            result
        );
    }

    [Fact]
    public async Task Json_has_the_entries()
    {
        var result = await Cli.Run("dtab", "check", "/a/* => /b | /c", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Expect.Json("{'valid':true,'dentries':[{'prefix':'/a/*','destination':'/b | /c'}],'errors':[]}", result.Json());
    }

    [Fact]
    public async Task Json_has_the_error()
    {
        var result = await Cli.Run("dtab", "check", "/a => /b;;", "-o", "json");

        Assert.Equal(2, result.ExitCode);
        Assert.False((bool)result.Json()["valid"]!);
        Assert.Equal(10, (int)result.Json()["errors"]![0]!["column"]!);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-f", "-")]
    public async Task Standard_input_is_read(params string[] args)
    {
        var result = await new Cli { Input = "/a=>/b" }.RunAsync(["dtab", "check", .. args]);

        Assert.Equal(new CliResult(0, "/a => /b ;\n", ""), result);
    }

    [Fact]
    public async Task A_file_is_read_and_named_in_errors()
    {
        using var folder = new TempFolder();
        var result = await Cli.Run("dtab", "check", "-f", folder.Write("x.dtab", "/a => \n  ; "));

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("x.dtab:2:3: unexpected ';'", folder.Without(result.Error));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_an_error()
    {
        var result = await Cli.Run("dtab", "check", "-f", "/nowhere/x.dtab");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("/nowhere/x.dtab: the file cannot be read: ", result.Error);
    }

    [Theory]
    [InlineData("weft dtab check: there is nothing to check; give the entries, -f FILE, or - for standard input\n")]
    [InlineData("weft dtab check: give either TEXT or -f FILE, not both\n", "/a=>/b", "-f", "x")]
    public async Task It_takes_one_source(string error, params string[] args) =>
        Assert.Equal(new CliResult(2, "", error), await Cli.Run(["dtab", "check", .. args]));
}
