using System.Text.Json.Nodes;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

/// <summary>Vectors of names, asked for as a user does. The number in a name is the row in the table of vectors.</summary>
public sealed class DelegateVectorTests
{
    [Theory]
    [InlineData("20", "/a => ! | /$/inet/1", "/a", 1, "{'type':'fail'}")]
    [InlineData("24", "/a => /$/nil | /$/fail | /$/inet/1", "/a", 1, "{'type':'empty'}")]
    [InlineData("33", "", "/s/foo", 1, "{'type':'neg'}")]
    [InlineData(
        "34",
        "/s/foo=>/$/inet/1234 ; /s/foo=>/$/inet/5678",
        "/s/foo",
        0,
        "{'type':'leaf','id':'/$/inet/5678','residual':'/'}"
    )]
    [InlineData("35", "", "/$/inet/1234/foobar", 0, "{'type':'leaf','id':'/$/inet/1234','residual':'/foobar'}")]
    [InlineData("36", "", "/$/inet/127.0.0.1/1234", 0, "{'type':'leaf','id':'/$/inet/127.0.0.1/1234','residual':'/'}")]
    [InlineData("38", "", "/$/fail/foo/bar", 1, "{'type':'fail'}")]
    [InlineData("38", "", "/$/nil/foo/bar", 1, "{'type':'empty'}")]
    [InlineData(
        "43",
        "/bah/humbug=>/$/inet/127.1/8080; /foo=>/bah|/$/fail; /foo=>/bar; /boo=>/foo",
        "/boo/lol",
        1,
        "{'type':'fail'}"
    )]
    [InlineData("45", "/neg => ~", "/neg", 1, "{'type':'neg'}")]
    [InlineData("48", "/foo => /$/nil", "/$/io.buoyant.http.anyMethod/GET/foo", 1, "{'type':'empty'}")]
    [InlineData("48", "/foo => /$/nil", "/$/io.buoyant.http.anyMethod/A.B/foo", 1, "{'type':'neg'}")]
    [InlineData(
        "50",
        "",
        "/$/io.buoyant.rinet/12345/localhost/residual",
        0,
        "{'type':'leaf','id':'/$/io.buoyant.rinet/12345/localhost','residual':'/residual'}"
    )]
    [InlineData(
        "a union without weights",
        "/a => /$/inet/1 & /$/inet/2",
        "/a",
        0,
        "{'type':'union','members':[{'weight':1,'tree':{'type':'leaf','id':'/$/inet/1','residual':'/'}},"
            + "{'weight':1,'tree':{'type':'leaf','id':'/$/inet/2','residual':'/'}}]}"
    )]
    public async Task The_outcome_is(string row, string dtab, string path, int exitCode, string bound)
    {
        var result = await Cli.Run("delegate", path, "--dtab", dtab, "-o", "json");

        Assert.Equal((row, exitCode, ""), (row, result.ExitCode, result.Error));
        Assert.Equal(path, (string?)result.Json()["path"]);
        Expect.Json(bound, result.Json()["bound"]);
    }

    [Fact]
    public async Task Row32_a_circle_is_an_error_at_a_hundred_levels()
    {
        var result = await Cli.Run(
            "delegate",
            "/foo/bar",
            "--dtab",
            "/foo/bar => /bar/foo; /bar/foo => /foo/bar",
            "-o",
            "json"
        );

        Assert.Equal(1, result.ExitCode);
        Expect.Json(
            "{'type':'error','message':'Max recursion level: 100 reached at /foo/bar'}",
            result.Json()["bound"]
        );
    }

    [Fact]
    public async Task Row37_a_built_in_that_makes_no_sense_is_an_error()
    {
        var result = await Cli.Run("delegate", "/$/inet", "-o", "json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("error", (string?)result.Json()["bound"]!["type"]);
    }

    [Fact]
    public async Task Row43_the_steps_are_the_alternatives_with_their_entries()
    {
        var result = await Cli.Run(
            "delegate",
            "/boo/lol",
            "--dtab",
            "/bah/humbug=>/$/inet/127.1/8080; /foo=>/bah|/$/fail; /foo=>/bar; /boo=>/foo",
            "-o",
            "json"
        );

        Expect.Json(
            "{'type':'delegate','path':'/boo/lol','children':[{'type':'alt','path':'/foo/lol','dentry':'/boo => /foo',"
                + "'children':[{'type':'neg','path':'/bar/lol','dentry':'/foo => /bar'},"
                + "{'type':'neg','path':'/bah/lol','dentry':'/foo => /bah | /$/fail'},"
                + "{'type':'fail','path':'/$/fail/lol','dentry':'/foo => /bah | /$/fail'}]}]}",
            result.Json()["tree"]
        );
    }

    [Fact]
    public async Task Row45_a_failed_namer_is_an_error_step()
    {
        using var shop = new Bookshop();
        shop.Write("disco/broken", "127.0.0.1\n");
        var result = await Cli.Run("delegate", "/svc/broken", "--resources", shop.Mesh, "-o", "json");

        Assert.Equal(1, result.ExitCode);
        JsonNode? step = result.Json()["tree"];
        while (step!["children"] is { } children)
        {
            step = children[0];
        }

        Assert.Equal("error /#/file/broken", $"{step["type"]} {step["path"]}");
        Assert.Equal((string?)step["message"], (string?)result.Json()["bound"]!["message"]);
        Assert.StartsWith("disco/broken:1:10: ", shop.Without((string)step["message"]!));
    }

    [Fact]
    public async Task An_unknown_namer_is_neg() =>
        Assert.Equal("neg", (string?)(await Cli.Run("delegate", "/#/x", "-o", "json")).Json()["bound"]!["type"]);
}
