using System.Globalization;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

/// <summary><c>weft edges</c>, <c>routes</c> and <c>top</c>, asked of proxies.</summary>
public sealed class EdgesTests
{
    private const string First = "10.0.0.1:4191";
    private const string Second = "10.0.0.2:4191";
    private const string Web =
        """{"listeners":[{"kind":"outbound","service":null},{"kind":"inbound","service":"web"}]}""";

    private static readonly string Lone =
        """{"control":{"id":"lone:4191"},"listeners":[{"kind":"outbound","service":null}]}""";

    [Fact]
    public async Task Edges_tell_who_calls_whom_in_a_window()
    {
        var result = await Two(Web, Web).RunAsync("edges", "-p", First, "--window", "2s");

        Assert.Equal(
            new CliResult(
                0,
                """
                CALLER  SERVICE  SUCCESS  RPS     P50     P95     P99
                web     authors     100%  5.0  0.75ms  0.98ms  1.00ms
                web     books        95%  100  5.50ms  9.55ms  9.91ms

                """,
                ""
            ),
            result
        );
    }

    [Fact]
    public async Task Proxies_of_one_service_are_one_caller()
    {
        var result = await Two(Web, Web).RunAsync("edges", "-p", First, "-p", Second, "--total");

        Assert.Equal(
            new CliResult(
                0,
                """
                CALLER  SERVICE  SUCCESS  RPS     P50     P95     P99
                web     authors     100%    -  0.75ms  0.98ms  1.00ms
                web     books     94.87%    -  5.50ms  9.55ms  9.91ms

                """,
                ""
            ),
            result
        );
    }

    [Fact]
    public async Task A_proxy_without_a_service_is_called_by_its_id_or_by_its_address()
    {
        var result = await Two(Lone, """{"listeners":[]}""").RunAsync("edges", "-p", First, "-p", Second);

        Assert.Equal(
            ["10.0.0.2:4191", "10.0.0.2:4191", "lone:4191", "lone:4191"],
            result.Text.Split('\n')[1..^1].Select(line => line.Split(' ')[0])
        );
    }

    [Fact]
    public async Task Routes_are_told_apart_for_all_callers_together()
    {
        var result = await Two(Web, Lone).RunAsync("routes", "-p", First, "-p", Second, "--total");

        Assert.Equal(
            """
            SERVICE  ROUTE    SUCCESS  RPS     P50     P95     P99
            authors  default     100%    -  0.75ms  0.98ms  1.00ms
            books    search    94.87%    -  5.50ms  9.55ms  9.91ms

            """,
            result.Text
        );
    }

    [Fact]
    public async Task The_top_shows_the_busiest_first_and_once_when_nobody_watches()
    {
        var result = await Two(Web, Lone).RunAsync("top", "-p", First, "-p", Second, "--rows", "3", "--total");

        Assert.Equal(
            ["CALLER ROUTE", "web search", "lone:4191 search", "web default"],
            result
                .Text.Split('\n')[..^1]
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(words => $"{words[0]} {words[2]}")
        );
    }

    [Fact]
    public async Task Json_tells_the_same_and_whose_eyes_it_was()
    {
        var cli = Two(Web, Web);
        cli.Pages.Remove(Second);
        var result = await cli.RunAsync("edges", "-p", First, "-p", Second, "-o", "json");

        Assert.Equal(1, result.ExitCode);
        const string reason = "http://10.0.0.2:4191/metrics: cannot be reached: Connection refused";
        Assert.Equal(reason + "\n", result.Error);
        Expect.Json(
            "{'windowSeconds':1,'coveredSeconds':1,'proxies':["
                + "{'proxy':'10.0.0.1:4191','caller':'web','ageSeconds':0,'note':null},"
                + $"{{'proxy':'10.0.0.2:4191','caller':null,'ageSeconds':null,'note':'{reason}'}}],'edges':["
                + "{'caller':'web','service':'authors','requests':10,'successRate':1,'rps':10,'p50Ms':0.75,'p95Ms':0.975,'p99Ms':0.995},"
                + "{'caller':'web','service':'books','requests':200,'successRate':0.95,'rps':200,'p50Ms':5.5,'p95Ms':9.55,'p99Ms':9.91}]}",
            result.Json()
        );
    }

    [Fact]
    public async Task What_is_no_proxy_is_an_error()
    {
        var result = await Two("<html>", "{}").RunAsync("edges", "-p", First, "-p", Second);

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Contains("http://10.0.0.1:4191/config: what answers there is no proxy", result.Error);
        Assert.Contains("http://10.0.0.2:4191/config: what answers there is no proxy", result.Error);
    }

    [Theory]
    [InlineData("--rows=0")]
    [InlineData("--rows=many")]
    public async Task A_number_of_rows_that_makes_no_sense_is_wrong_usage(string rows) =>
        Assert.Equal(2, (await Cli.Run("top", rows)).ExitCode);

    private static Cli Two(string first, string second) =>
        new()
        {
            Pages =
            {
                [First] = new Queue<string>([Page(900, 100, 7), Page(1090, 110, 17)]),
                [Second] = new Queue<string>([Page(950, 0, 3), Page(960, 0, 4)]),
            },
            Configs = { [First] = first, [Second] = second },
        };

    private static string Page(int good, int bad, int authors) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            weft_requests_total{direction="outbound",service="books",route="search",status="200",result="success"} {{good}}
            weft_requests_total{direction="outbound",service="books",route="search",status="503",result="failure"} {{bad}}
            weft_request_duration_seconds_bucket{direction="outbound",service="books",route="search",le="0.0005"} 0
            weft_request_duration_seconds_bucket{direction="outbound",service="books",route="search",le="0.001"} 0
            weft_request_duration_seconds_bucket{direction="outbound",service="books",route="search",le="0.01"} {{good
                + bad}}
            weft_request_duration_seconds_bucket{direction="outbound",service="books",route="search",le="+Inf"} {{good
                + bad}}
            weft_requests_total{direction="outbound",service="authors",route="default",status="200",result="success"} {{authors}}
            weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="0.0005"} 0
            weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="0.001"} {{authors}}
            weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="0.01"} {{authors}}
            weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="+Inf"} {{authors}}
            weft_requests_total{direction="inbound",service="web",route="default",status="200",result="success"} {{good}}

            """
        );
}
