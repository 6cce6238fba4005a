using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Api.Traffic;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

/// <summary>The verbs about traffic, asked of a control plane that proxies report to.</summary>
public sealed class TrafficControlTests
{
    [Fact]
    public async Task A_control_plane_tells_what_proxies_reported_and_which_have_not()
    {
        await using var plane = await ControlPlane.StartAsync();
        var empty = await plane.Run("edges", "--control", plane.Address);
        Assert.Equal(new CliResult(0, "no requests in the last 1m\n", ""), empty);

        await using var web = Open(plane, "web-1:4191", Report);
        await using var silent = Open(plane, "silent:4191", null);
        var edges = await UntilAsync(plane, ["edges"], r => r.Text.Contains("books") && r.Error.Contains("silent"));
        var lines = edges.Text.Split('\n');
        Assert.Matches("^CALLER +SERVICE +SUCCESS +RPS +P50 +P95 +P99$", lines[0]);
        Assert.Matches(@"^web +books +90% +[\d.]+ +4\.00ms +4\.90ms +4\.98ms$", lines[1]);
        Assert.Equal("proxy silent:4191 has not reported yet: its traffic is missing\n", edges.Error);
        Assert.Equal(0, edges.ExitCode);

        var stat = await plane.Run("stat", "--control", plane.Address);
        Assert.Matches(@"(?m)^outbound +books +90% +[\d.]+ +4\.00ms +4\.90ms +4\.98ms +-$", stat.Text);
        Assert.Matches(@"(?m)^outbound +/#/file/books +100% +[\d.]+ +- +- +- +3$", stat.Text);
        var routes = await plane.Run("routes", "--control", plane.Address, "-o", "json");
        Assert.Equal("search", (string?)routes.Json()["routes"]![0]!["route"]);
        var top = await plane.Run("top", "--control", plane.Address, "-o", "json");
        Assert.Equal(("web", 20), ((string?)top.Json()["calls"]![0]!["caller"], (double)top.Json()["windowSeconds"]!));
    }

    [Fact]
    public async Task A_proxy_that_left_is_told_of()
    {
        await using var plane = await ControlPlane.StartAsync();
        await using (Open(plane, "web-1:4191", Report))
        {
            await UntilAsync(plane, ["stat"], r => r.Text.Contains("books"));
        }

        var edges = await UntilAsync(plane, ["edges"], r => r.Error.Length > 0);
        Assert.StartsWith("proxy web-1:4191 has left: its last report is ", edges.Error);
        Assert.Contains("books", edges.Text);
    }

    [Fact]
    public async Task Proxies_and_a_control_plane_exclude_each_other()
    {
        var result = await Cli.Run("edges", "--proxy", "127.0.0.1:1", "--control", "127.0.0.1:1");

        Assert.Equal(
            new CliResult(2, "", "--proxy and --control exclude each other: ask proxies, or their control plane\n"),
            result
        );
    }

    [Theory]
    [InlineData("--window=1s")]
    [InlineData("--window=20m")]
    [InlineData("--total")]
    public async Task A_window_that_a_control_plane_has_not_is_wrong_usage(string window)
    {
        var result = await Cli.Run("stat", "--control", "127.0.0.1:1", window);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("write a --window from 10s to 10m", result.Error);
    }

    [Fact]
    public async Task A_control_plane_that_cannot_be_reached_is_told()
    {
        var result = await Cli.Run("top", "--control", "127.0.0.1:1");

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Contains("cannot be reached", result.Error);
    }

    /// <summary>Ten requests, one of which failed, and their attempts.</summary>
    private static TrafficReport Report(bool isFirst) =>
        new()
        {
            Restarts = true,
            CoversMs = 1000,
            Role = new ProxyRole { Services = { "web" } },
            Named =
            {
                new SeriesName
                {
                    Kind = SeriesKind.OutboundRequests,
                    Service = "books",
                    Part = "search",
                },
                new SeriesName
                {
                    Kind = SeriesKind.OutboundAttempts,
                    Service = "books",
                    Part = "/#/file/books",
                },
            },
            Moved =
            {
                new SeriesDelta
                {
                    Number = 0,
                    Successes = 9,
                    Failures = 1,
                    Durations = { 8, 10 },
                },
                new SeriesDelta
                {
                    Number = 1,
                    Successes = 9,
                    Retries = isFirst ? 3ul : 0,
                },
            },
        };

    private static ControlStream Open(ControlPlane plane, string id, ReportSource? reports)
    {
        var options = new ControlStreamOptions
        {
            Address = new Uri($"http://{plane.Address}"),
            ProxyId = id,
            ProgramVersion = "1",
            Reports = reports,
        };
        var stream = new ControlStream(options, _ => [], TimeProvider.System, new Random(1));
        stream.Start();
        return stream;
    }

    private static async Task<CliResult> UntilAsync(ControlPlane plane, string[] verb, Predicate<CliResult> condition)
    {
        while (true)
        {
            var result = await plane.Run([.. verb, "--control", plane.Address]);
            if (condition(result))
            {
                return result;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
