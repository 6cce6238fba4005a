using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

/// <summary>Names that a control plane follows: the same answers as those that this program works out itself.</summary>
public sealed class ControlledNameTests : IAsyncLifetime
{
    private readonly Bookshop _shop = new();
    private ControlPlane _plane = null!;

    public async ValueTask InitializeAsync()
    {
        _plane = await ControlPlane.StartAsync();
        var mesh = await File.ReadAllTextAsync(Path.Combine(_shop.Mesh, "mesh.yaml"));
        var disco = Path.GetFullPath(Path.Combine(_shop.Mesh, "..", "disco"));
        var file = _shop.Write("applied/mesh.yaml", mesh.Replace("../disco", disco));
        Assert.Equal(0, (await _plane.Run("apply", "-f", file)).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync();
        _shop.Dispose();
    }

    [Theory]
    [InlineData("delegate", "/svc/books/x")]
    [InlineData("delegate", "/svc/authors")]
    [InlineData("delegate", "/svc/web")]
    [InlineData("delegate", "/svc/blocked", "--dtab", "/svc/blocked => !")]
    [InlineData("delegate", "/svc/circle", "--dtab", "/svc/circle => /svc/circle")]
    [InlineData("delegate", "/svc/typo", "--dtab", "/svc/typo => /$/inte/1")]
    [InlineData("delegate", "/svc/all", "--dtab", "/svc/all => 3 * /svc/books & (/svc/web | /$/inet/1) & /$/nil")]
    [InlineData("resolve", "/svc/books/x")]
    [InlineData("resolve", "/svc/authors")]
    [InlineData("resolve", "/svc/web")]
    [InlineData("resolve", "/svc/books", "--dtab", "/svc/books => /$/inet/127.0.0.1/80")]
    public async Task The_answer_is_that_of_the_same_documents_in_a_folder(
        string verb,
        string path,
        params string[] more
    )
    {
        foreach (var format in (string[])["text", "json", "yaml"])
        {
            var here = await Cli.Run([verb, path, "--resources", _shop.Mesh, "-o", format, .. more]);
            var there = await Cli.Run([verb, path, "--control", _plane.Address, "-o", format, .. more]);

            Assert.Equal(here, there);
            Assert.NotEmpty(there.Text);
        }
    }

    [Fact]
    public async Task A_dtab_as_long_as_any_that_is_read_gets_there()
    {
        var entries = string.Concat(Enumerable.Range(0, 2000).Select(i => $"/host/%{i}/x => /$/inet/{i + 1} ;"));
        var file = _shop.Write("long.dtab", entries);
        var result = await Cli.Run("delegate", "/host/%1999/x", "--control", _plane.Address, "--dtab-file", file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith("\nbound: /$/inet/2000\n", result.Text);
    }

    [Fact]
    public async Task Another_dtab_can_be_named()
    {
        var file = _shop.Write(
            "other.yaml",
            "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: other}, spec: '/svc => /$/inet/7'}"
        );
        await _plane.Run("apply", "-f", file);

        var other = await Cli.Run("delegate", "/svc", "--control", _plane.Address, "--dtab-name", "other");
        Assert.EndsWith("\nbound: /$/inet/7\n", other.Text);
        Assert.Equal(
            new CliResult(2, "", "weft: there is no Dtab 'othr' in namespace default; did you mean 'other'?\n"),
            await Cli.Run("delegate", "/svc", "--control", _plane.Address, "--dtab-name", "othr")
        );
    }

    [Fact]
    public async Task Another_namespace_can_be_named()
    {
        var file = _shop.Write(
            "test.yaml",
            "{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: default}, spec: '/svc => /$/inet/8'}"
        );
        await _plane.Run("apply", "-f", file, "-n", "test");

        var test = await Cli.Run("resolve", "/svc", "--control", _plane.Address, "-n", "test");
        Assert.Contains("/$/inet/8", test.Text);
        Assert.Equal(
            new CliResult(1, "", "weft: there is no namespace nobody\n"),
            await Cli.Run("resolve", "/svc", "--control", _plane.Address, "-n", "nobody")
        );
    }

    [Theory]
    [InlineData(
        "--resources and --control exclude each other: documents come from one place",
        "--control",
        "127.0.0.1:1",
        "-r",
        "."
    )]
    [InlineData("--namespace: there is no control plane to ask; give --control too", "-n", "test")]
    [InlineData("--token-file: there is no control plane to ask; give --control too", "--token-file", "x")]
    public async Task Sources_that_do_not_fit_each_other_are_wrong_usage(string error, params string[] options) =>
        Assert.Equal(new CliResult(2, "", error + "\n"), await Cli.Run(["delegate", "/svc", .. options]));

    [Fact]
    public async Task A_control_plane_that_is_not_there_is_exit_1()
    {
        var result = await Cli.Run("delegate", "/svc", "--control", "127.0.0.1:1");
        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.StartsWith("weft: http://127.0.0.1:1: cannot be reached: ", result.Error);
    }
}
