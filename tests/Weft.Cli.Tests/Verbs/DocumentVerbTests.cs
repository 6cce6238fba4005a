using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class DocumentVerbTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ControlPlane _plane = null!;

    public async ValueTask InitializeAsync() => _plane = await ControlPlane.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync();
        _folder.Dispose();
    }

    private string Service(string timeout) =>
        _folder.Write(
            "books.yaml",
            $$"""
            # how books is called
            apiVersion: weft.dev/v1
            kind: Service
            metadata: {name: books}
            spec:
              timeouts: {request: {{timeout}}}

            """
        );

    [Fact]
    public async Task Documents_are_applied_shown_and_deleted()
    {
        var file = Service("1s");
        Assert.Equal(
            new CliResult(0, "created  Service books\nrevision 1\n", ""),
            await _plane.Run("apply", "-f", file)
        );
        Assert.Equal(
            new CliResult(0, "unchanged  Service books\nrevision 1\n", ""),
            await _plane.Run("apply", "-f", file)
        );
        Assert.Equal(
            """
            KIND     NAME   REVISION  VERSION  TIME                  AUTHOR
            Service  books         1        1  2026-03-04 05:06:07Z  ada@laptop

            """,
            (await _plane.Run("get", "services")).Text
        );
        Assert.Equal(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            (await _plane.Run("get", "service", "books")).Text
        );
        Assert.Equal(
            new CliResult(0, "removed  Service books\nrevision 2\n", ""),
            await _plane.Run("delete", "service", "books")
        );
        Assert.Equal(
            new CliResult(1, "", "weft: there is no Service books in namespace default\n"),
            await _plane.Run("get", "service", "books")
        );
    }

    [Fact]
    public async Task A_folder_is_applied_whole_or_not_at_all()
    {
        Service("1s");
        _folder.Write("bad.yaml", "apiVersion: weft.dev/v1\nkind: Dtab\nmetadata: {name: x}\nspec: '/svc => ;'\n");
        var result = await _plane.Run("apply", "-f", _folder.Root);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.Equal(
            "bad.yaml:4:16: unexpected ';' at '/svc => [;]'; expected a path, '!', '~', '$', '(' or a weight\n",
            _folder.Without(result.Error)
        );
        Assert.DoesNotContain("books", (await _plane.Run("get")).Text);
    }

    [Fact]
    public async Task A_stale_change_is_refused_with_both_versions()
    {
        await _plane.Run("apply", "-f", Service("1s"));
        await _plane.Run("apply", "-f", Service("2s"));
        var result = await _plane.Run("apply", "-f", Service("3s"), "--revision", "1");

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Equal(
            """
            weft: Service books was expected at revision 1, and is at revision 2: read it, and write again
            as it is, by ada@laptop (-), and as it was to be (+):
              ...
             kind: Service
             metadata: {name: books}
             spec:
            -  timeouts: {request: 2s}
            +  timeouts: {request: 3s}

            """,
            result.Error
        );
        Assert.Equal(1, (await _plane.Run("delete", "service", "books", "--revision", "1")).ExitCode);
    }

    [Fact]
    public async Task A_difference_is_shown_and_is_exit_1()
    {
        Assert.Equal(1, (await _plane.Run("diff", "-f", Service("1s"))).ExitCode);
        await _plane.Run("apply", "-f", Service("1s"));
        Assert.Equal(new CliResult(0, "no difference\n", ""), await _plane.Run("diff", "-f", Service("1s")));
        var result = await _plane.Run("diff", "-f", Service("2s"), "-o", "json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("changed", (string?)result.Json()["changes"]![0]!["change"]);
    }

    [Fact]
    public async Task A_history_is_shown_and_gone_back_in()
    {
        await _plane.Run("apply", "-f", Service("1s"));
        await _plane.Run("apply", "-f", Service("2s"));
        await _plane.Run("delete", "service", "books");
        Assert.Equal(
            new CliResult(0, "created  Service books\nrevision 4\n", ""),
            await _plane.Run("rollback", "service", "books", "--to", "1")
        );
        Assert.Equal(
            """
            REVISION  VERSION  TIME                  AUTHOR      CHANGE
                   4        4  2026-03-04 05:06:07Z  ada@laptop  created
                   3        3  2026-03-04 05:06:07Z  ada@laptop  removed
                   2        2  2026-03-04 05:06:07Z  ada@laptop  changed
                   1        1  2026-03-04 05:06:07Z  ada@laptop  created

            """,
            (await _plane.Run("history", "service", "books")).Text
        );
        Assert.Contains("2s", (await _plane.Run("get", "service", "books", "--revision", "2")).Text);
        Assert.Equal(1, (await _plane.Run("rollback", "service", "books", "--to", "9")).ExitCode);
    }

    [Fact]
    public async Task Namespaces_are_apart()
    {
        await _plane.Run("apply", "-f", Service("1s"), "-n", "test");
        Assert.DoesNotContain("books", (await _plane.Run("get")).Text);
        Assert.Contains("books", (await _plane.Run("get", "--namespace", "test")).Text);
        Assert.Equal(2, (await _plane.Run("get", "-n", "no name")).ExitCode);
    }

    [Fact]
    public async Task Machines_get_json_and_yaml()
    {
        await _plane.Run("apply", "-f", Service("1s"));
        var json = (await _plane.Run("get", "service", "books", "-o", "json")).Json();
        Assert.Equal(("Service", 1L), ((string?)json["kind"], (long)json["revision"]!));
        Assert.Equal(
            """
            kind: Service
            name: books
            revision: 1
            version: 1
            author: ada@laptop
            time: "2026-03-04T05:06:07+00:00"
            text: |
              # how books is called
              apiVersion: weft.dev/v1
              kind: Service
              metadata: {name: books}
              spec:
                timeouts: {request: 1s}
            removed: false

            """,
            (await _plane.Run("get", "service", "books", "-o", "yaml")).Text
        );
        Assert.Equal(1, (long)(await _plane.Run("get", "-o", "json")).Json()["revision"]!);
        Assert.Equal(1, (long)(await _plane.Run("apply", "-f", Service("1s"), "-o", "json")).Json()["revision"]!);
    }

    [Fact]
    public async Task A_control_plane_that_is_not_there_is_exit_1()
    {
        var result = await Cli.Run("get");
        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Equal(
            "weft: http://127.0.0.1:1: cannot be reached: Connection refused; is this the address of a control plane?\n",
            result.Error
        );
    }

    [Theory]
    [InlineData("get", "--control", "ftp://x")]
    [InlineData("apply", "-f", "/nowhere")]
    [InlineData("get", "--token-file", "/nowhere")]
    [InlineData("control")]
    [InlineData("control", "--data", "x", "--listen", "0.0.0.0:4190")]
    [InlineData("control", "--data", "x", "--listen", "nonsense")]
    [InlineData("control", "--data", "x", "--store", "etcd://127.0.0.1:2379")]
    public async Task Wrong_usage_is_exit_2(params string[] args)
    {
        var result = await _plane.Run(args);
        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.NotEmpty(result.Error);
    }
}
