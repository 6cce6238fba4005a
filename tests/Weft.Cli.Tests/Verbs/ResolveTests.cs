using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class ResolveTests
{
    [Fact]
    public async Task Text_has_a_row_for_each_endpoint()
    {
        using var shop = new Bookshop();
        var result = await Cli.Run("resolve", "/svc/books", "--resources", shop.Mesh);

        Assert.Equal(
            new CliResult(
                0,
                """
                NAME              SHARE  ENDPOINT        WEIGHT  STATE
                /#/file/books-v1    90%  127.0.0.1:8081       1  known
                /#/file/books-v1    90%  127.0.0.1:8082     0.5  known
                /#/file/books-v2    10%  127.0.0.1:8083       1  known

                """,
                ""
            ),
            result
        );
    }

    [Fact]
    public async Task Json_has_names_with_their_endpoints()
    {
        using var shop = new Bookshop();
        var result = await Cli.Run("resolve", "/host/books-v1/x", "--resources", shop.Mesh, "-o", "json");

        Expect.Json(
            "{'path':'/host/books-v1/x','bound':{'type':'leaf','id':'/#/file/books-v1','residual':'/x'},"
                + "'names':[{'id':'/#/file/books-v1','residual':'/x','share':1,'state':'known','endpoints':["
                + "{'address':'127.0.0.1:8081','weight':1,'state':'known'},"
                + "{'address':'127.0.0.1:8082','weight':0.5,'state':'known'}]}]}",
            result.Json()
        );
    }

    [Fact]
    public async Task A_service_without_endpoints_is_a_no()
    {
        using var shop = new Bookshop();
        var result = await Cli.Run("resolve", "/svc/authors", "--resources", shop.Mesh);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("/#/file/authors   100%  -              -  empty", result.Text.Split('\n')[1]);
    }

    [Theory]
    [InlineData("/svc", "neg: the name does not exist\n")]
    [InlineData("/$/fail", "fail: the name is blocked\n")]
    [InlineData("/$/nil", "empty: the name exists and has no endpoints\n")]
    public async Task A_name_that_is_not_bound_is_a_no(string path, string text) =>
        Assert.Equal(new CliResult(1, text, ""), await Cli.Run("resolve", path));

    [Fact]
    public async Task An_address_resolves_to_itself()
    {
        var result = await Cli.Run("resolve", "/svc/x", "--dtab", "/svc => /$/inet/::1/80", "-o", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("[::1]:80", (string?)result.Json()["names"]![0]!["endpoints"]![0]!["address"]);
        Assert.Equal("/x", (string?)result.Json()["names"]![0]!["residual"]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_namers_files_is_a_warning()
    {
        using var shop = new Bookshop();
        shop.Write("disco/broken", "nonsense\n");
        var result = await Cli.Run("resolve", "/svc/books", "--resources", shop.Mesh);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("warning: disco/broken:1:9: the port is missing", shop.Without(result.Error));
    }
}
