using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class ValidateTests
{
    private const string Proxy = """
        resources: ./mesh
        listeners:
          - {name: out, kind: outbound, address: 127.0.0.1:4140, protocol: http1, dtab: default}
        """;

    [Fact]
    public async Task What_is_right_is_one_line()
    {
        using var shop = new Bookshop();
        Assert.Equal(
            new CliResult(0, "valid: 1 file, 2 documents, 0 errors, 0 warnings\n", ""),
            await Cli.Run("validate", "-f", shop.Mesh)
        );
    }

    [Fact]
    public async Task A_proxys_file_brings_its_documents()
    {
        using var shop = new Bookshop();
        var proxy = shop.Write("proxy.yaml", Proxy);
        var expected = new CliResult(0, "valid: 2 files, 2 documents, 0 errors, 0 warnings\n", "");

        Assert.Equal(expected, await Cli.Run("validate", "--proxy-config", proxy));
        Assert.Equal(expected, await Cli.Run("validate", "--proxy-config", proxy, "-f", shop.Mesh + "/"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_shown_in_one_run()
    {
        using var shop = new Bookshop();
        var proxy = shop.Write("proxy.yaml", Proxy.Replace("name: out", "nmae: out"));
        var dtab = shop.Write(
            "bad.yaml",
            """
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: other}
            spec: |
              /svc => ;
            """
        );
        var result = await Cli.Run("validate", "-f", shop.Mesh, "-f", dtab, "--proxy-config", proxy);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("not valid: 3 files, 2 documents, 3 errors, 0 warnings\n", result.Text);
        Assert.Equal(
            """
            proxy.yaml:3:5: a listener needs 'name'; give it a name that is unique in this file, such as outbound
            proxy.yaml:3:6: unknown key 'nmae' in a listener; did you mean 'name'?
            bad.yaml:5:11: unexpected ';' at '/svc => [;]'; expected a path, '!', '~', '$', '(' or a weight

            """,
            shop.Without(result.Error)
        );
    }

    [Fact]
    public async Task Warnings_are_labelled_and_do_no_harm()
    {
        using var folder = new TempFolder();
        var file = folder.Write(
            "x.yaml",
            "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: '/svc => /#/nobody'}"
        );
        var result = await Cli.Run("validate", "-f", file);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("valid: 1 file, 1 document, 0 errors, 1 warning\n", result.Text);
        Assert.StartsWith("warning: x.yaml:1:", folder.Without(result.Error));
    }

    [Fact]
    public async Task Json_has_every_problem_with_its_place()
    {
        var result = await new Cli { Input = "kind: Dtab\n" }.RunAsync("validate", "-f", "-", "-o", "json");

        Assert.Equal(2, result.ExitCode);
        Assert.False((bool)result.Json()["valid"]!);
        Assert.Equal(1, (int)result.Json()["files"]!);
        Assert.All(result.Json()["errors"]!.AsArray(), error => Assert.Equal("stdin", (string?)error!["file"]));
        Assert.NotEmpty(result.Json()["errors"]!.AsArray());
        Assert.Empty(result.Json()["warnings"]!.AsArray());
    }

    [Fact]
    public async Task An_empty_folder_is_a_warning()
    {
        using var folder = new TempFolder();
        var result = await Cli.Run("validate", "-f", folder.Root);

        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith(": the folder holds no documents; they end in .yaml or .yml\n", result.Error);
    }

    [Fact]
    public async Task What_is_not_there_is_an_error()
    {
        var result = await Cli.Run("validate", "-f", "/nowhere");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("/nowhere: ", result.Error);
    }

    [Fact]
    public async Task Nothing_to_check_is_wrong_usage() => Assert.Equal(2, (await Cli.Run("validate")).ExitCode);
}
