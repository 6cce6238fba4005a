using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

public sealed class LiveDiffTests : IAsyncLifetime
{
    private static readonly PreviewShare s_v1 = new(1, PreviewShare.Name, "/#/file/v1", 2);
    private static readonly PreviewShare s_v2 = new(1, PreviewShare.Name, "/#/file/v2", 1);

    private readonly TempFolder _folder = new();
    private ControlPlane _plane = null!;

    public async ValueTask InitializeAsync() => _plane = await ControlPlane.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync();
        _folder.Dispose();
    }

    private string Dtab(string entries) =>
        _folder.Write(
            "dtab.yaml",
            $"{{apiVersion: weft.dev/v1, kind: Dtab, metadata: {{name: default}}, spec: '{entries}'}}\n"
        );

    private static PreviewLine Line(string verdict, IReadOnlyList<PreviewShare> now, params PreviewShare[][] then) =>
        new()
        {
            Caller = "web",
            Service = "books",
            Route = "default",
            Requests = 1200,
            Failures = 3,
            Verdict = verdict,
            Cases = [.. then.Select(t => new PreviewCase("default", now, t))],
            DependsOn = [],
            Notes = [],
        };

    private static string Text(PreviewResult preview, bool all = false, bool isStyled = false)
    {
        using var output = new StringWriter();
        PreviewText.Write(output, isStyled, preview, all);
        return output.ToString();
    }

    private static PreviewResult Preview(params PreviewLine[] lines) =>
        new()
        {
            Revision = 1,
            Changes = [],
            Warnings = [],
            WindowSeconds = 300,
            ReportedSeconds = 120,
            Summary = new PreviewSummary(lines.Sum(l => l.Requests), 5, 6, 7, 8),
            Lines = lines,
            Unseen = [],
        };

    [Fact]
    public void Each_line_that_would_change_says_where_it_goes_and_would_go()
    {
        PreviewShare[] split = [s_v1 with { Share = 0.9 }, s_v2 with { Share = 0.1 }];
        var preview = Preview(
            Line(PreviewLine.Fails, [s_v1], [new PreviewShare(1, PreviewShare.Name, "/#/file/x", 0)]),
            Line(PreviewLine.Fails, [s_v1], [new PreviewShare(0.5, PreviewShare.NoBinding), s_v1 with { Share = 0.5 }]),
            Line(
                PreviewLine.Uncertain,
                [s_v1],
                [s_v1],
                [s_v2],
                [new PreviewShare(1, PreviewShare.NoRoute)],
                [new PreviewShare(1, PreviewShare.Unknown, "/svc/x", null, "?")]
            ) with
            {
                DependsOn = ["which of them fit rule r/beta: header x-beta: 1"],
            },
            Line(PreviewLine.Changes, split, [s_v2]),
            Line(
                PreviewLine.Changes,
                [s_v1],
                [new PreviewShare(1, PreviewShare.Redirect, null, null, "302 https://x")]
            ),
            Line(PreviewLine.Stays, [s_v1], [s_v1]) with
            {
                Notes = ["timeout request: 2s -> 1s"],
            },
            Line(PreviewLine.Stays, [s_v2], [s_v2]) with
            {
                Caller = "quiet",
            }
        ) with
        {
            Unseen = [new DocumentName("Service", "authors")],
        };

        Assert.Equal(
            """

            CALLER  SERVICE  ROUTE    REQUESTS  NOW                              THEN
            web     books    default      1200  /#/file/v1                       /#/file/x (no endpoints)
            web     books    default      1200  /#/file/v1                       50% no binding & 50% /#/file/v1
            web     books    default      1200  /#/file/v1                       /#/file/v1 or /#/file/v2 or no route or 1 others
            web     books    default      1200  90% /#/file/v1 & 10% /#/file/v2  /#/file/v2
            web     books    default      1200  /#/file/v1                       redirect 302 https://x
            web     books    default      1200  /#/file/v1                       the same

            web -> books (default) depends on which of them fit rule r/beta: header x-beta: 1
            web -> books (default): timeout request: 2s -> 1s

            of 8400 requests in the last 5m (proxies have reported 2m of that): 7 would fail, 6 would go elsewhere, 5 would stay, 8 are uncertain
            no request that was seen is touched by Service authors

            """,
            Text(preview)
        );
        Assert.Contains("quiet   books    default      1200  /#/file/v2", Text(preview, all: true));
    }

    [Fact]
    public void What_would_fail_is_red()
    {
        var styled = Text(
            Preview(Line(PreviewLine.Fails, [s_v1], [new PreviewShare(1, PreviewShare.NoBinding)])),
            isStyled: true
        );
        Assert.Contains("\e[31mno binding", styled);
    }

    [Fact]
    public async Task Without_traffic_it_says_so_plainly()
    {
        var result = await _plane.Run("diff", "--live", "-f", Dtab("/svc => /$/inet/1"), "--window", "90s");
        Assert.Equal(
            new CliResult(
                1,
                """
                created: Dtab default
                +{apiVersion: weft.dev/v1, kind: Dtab, metadata: {name: default}, spec: '/svc => /$/inet/1'}

                no request was reported in the last 90s: there is no live traffic to preview

                """,
                ""
            ),
            result
        );
    }

    [Fact]
    public async Task Without_a_change_the_exit_is_0()
    {
        var file = Dtab("/svc => /$/inet/1");
        await _plane.Run("apply", "-f", file);
        var result = await _plane.Run("diff", "--live", "-f", file);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("no difference\n", result.Text);
    }

    [Fact]
    public async Task Machines_get_everything()
    {
        var result = await _plane.Run("diff", "--live", "-f", Dtab("/svc => /$/inet/1"), "-o", "json");
        Assert.Equal(1, result.ExitCode);
        Expect.Json("{'requests':0,'stay':0,'change':0,'fail':0,'uncertain':0}", result.Json()["summary"]);
        Assert.Equal(
            (300, "created"),
            ((int)result.Json()["windowSeconds"]!, (string?)result.Json()["changes"]![0]!["change"])
        );
    }

    [Fact]
    public async Task Documents_that_are_not_valid_are_refused_as_they_would_be_when_applied()
    {
        var file = Dtab("/svc");
        var applied = await _plane.Run("apply", "-f", file);
        Assert.Equal(2, applied.ExitCode);
        Assert.Equal(applied, await _plane.Run("diff", "--live", "-f", file));
    }

    [Theory]
    [InlineData("--window: it is about live traffic; give --live too\n", "--window", "1m")]
    [InlineData("--all: it is about live traffic; give --live too\n", "--all")]
    [InlineData(
        "weft: 'window' cannot be '1h': write a duration from 10s to 10m, such as 5m\n",
        "--live",
        "--window",
        "1h"
    )]
    public async Task Options_that_make_no_sense_are_wrong_usage(string error, params string[] options) =>
        Assert.Equal(
            new CliResult(2, "", error),
            await _plane.Run(["diff", "-f", Dtab("/svc => /$/inet/1"), .. options])
        );
}
