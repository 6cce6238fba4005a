using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class DelegateTests
{
    [Fact]
    public async Task Text_is_a_tree_with_the_entry_of_each_step_and_the_outcome()
    {
        using var shop = new Bookshop();
        var result = await Cli.Run("delegate", "/svc/books/x", "--resources", shop.Mesh);

        Assert.Equal("", result.Error);
        Assert.Equal(
            """
            /svc/books/x                alt
              /svc/books/x              union                   /svc/books => 0.9 * /host/books-v1 & 0.1 * /host/books-v2
                0.9 * /host/books-v1/x  delegate                /svc/books => 0.9 * /host/books-v1 & 0.1 * /host/books-v2
                  /#/file/books-v1/x    leaf                    /host => /#/file   = /#/file/books-v1 [/x]
                0.1 * /host/books-v2/x  delegate                /svc/books => 0.9 * /host/books-v1 & 0.1 * /host/books-v2
                  /#/file/books-v2/x    leaf                    /host => /#/file   = /#/file/books-v2 [/x]
              /host/books/x             delegate (not reached)  /svc => /host
                /#/file/books/x         neg                     /host => /#/file

            bound: 0.9 * /#/file/books-v1 [/x] & 0.1 * /#/file/books-v2 [/x]

            """,
            result.Text
        );
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_terminal_gets_colours_and_the_same_words()
    {
        var plain = await Cli.Run("delegate", "/a", "--dtab", "/a => /$/inet/1");
        var styled = await new Cli { IsStyled = true }.RunAsync("delegate", "/a", "--dtab", "/a => /$/inet/1");

        Assert.DoesNotContain("\e[", plain.Text);
        Assert.Contains("\e[32mbound: /$/inet/1\e[0m", styled.Text);
    }

    [Fact]
    public async Task Entries_given_as_text_come_after_those_of_a_file_and_of_documents()
    {
        using var shop = new Bookshop();
        var file = shop.Write("extra.dtab", "/svc/books => /host/books-v1 ; /svc/web => /$/inet/1");
        var web = await Cli.Run("delegate", "/svc/web", "-r", shop.Mesh, "--dtab-file", file);
        var books = await Cli.Run(
            "delegate",
            "/svc/books",
            "-r",
            shop.Mesh,
            "--dtab-file",
            file,
            "-d",
            "/svc/books => /host/books-v2"
        );

        Assert.EndsWith("\nbound: /$/inet/1\n", web.Text);
        Assert.EndsWith("\nbound: /#/file/books-v2\n", books.Text);
    }

    [Fact]
    public async Task Another_dtab_of_the_documents_can_be_named()
    {
        using var shop = new Bookshop();
        shop.Write(
            "mesh/other.yaml",
            "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: other}, spec: '/svc => /$/inet/7'}"
        );

        var result = await Cli.Run("delegate", "/svc", "-r", shop.Mesh, "--dtab-name", "other");
        var wrong = await Cli.Run("delegate", "/svc", "-r", shop.Mesh, "--dtab-name", "othr");

        Assert.EndsWith("\nbound: /$/inet/7\n", result.Text);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Equal("mesh: there is no Dtab 'othr'; did you mean 'other'?\n", shop.Without(wrong.Error));
    }

    [Fact]
    public async Task Documents_with_errors_are_refused_with_all_of_them()
    {
        using var shop = new Bookshop();
        shop.Write("mesh/a.yaml", "{apiVersion: weft.dev/v1, kind: Dtba, metadata: {name: x}, spec: ''}");
        shop.Write("mesh/b.yaml", "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: x}, spec: '/a'}");
        var result = await Cli.Run("delegate", "/svc", "-r", shop.Mesh);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        var lines = shop.Without(result.Error).Split('\n');
        Assert.StartsWith("mesh/a.yaml:1:33: ", lines[0]);
        Assert.StartsWith("mesh/b.yaml:1:69: ", lines[1]);
    }

    [Theory]
    [InlineData("/svc/{x}", "PATH:1:6: ")]
    [InlineData("svc", "PATH:1:1: ")]
    public async Task A_name_that_does_not_parse_is_invalid(string path, string place)
    {
        var result = await Cli.Run("delegate", path);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.StartsWith(place, result.Error);
        Assert.EndsWith("^\n", result.Error);
    }

    [Fact]
    public async Task A_dtab_that_does_not_parse_is_invalid() =>
        Assert.Equal(
            new CliResult(2, "", "--dtab:1:7: unexpected '='; expected '=>'\n  /svc  = /x\n        ^\n"),
            await Cli.Run("delegate", "/svc", "--dtab", "/svc  = /x")
        );
}
