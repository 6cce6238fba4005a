using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class StatTests
{
    private const string Address = "127.0.0.1:4191";

    [Fact]
    public async Task A_window_shows_what_happened_in_it()
    {
        var result = await Two(Page(good: 1000, bad: 100), Page(good: 1190, bad: 110))
            .RunAsync("stat", "--window", "2s");

        Assert.Equal(
            new CliResult(
                0,
                """
                DIRECTION  SERVICE     SUCCESS  RPS     P50     P95     P99  IN FLIGHT
                outbound   /svc/books      95%  100  5.00ms  9.50ms  9.90ms          3

                DIRECTION  CLIENT         SUCCESS  RPS     P50     P95     P99  RETRIES
                outbound   /#/file/books    47.5%  200  5.00ms  9.50ms  9.90ms      200

                """,
                ""
            ),
            result
        );
    }

    [Fact]
    public async Task Json_has_the_same_numbers()
    {
        var result = await Two(Page(good: 1000, bad: 100), Page(good: 1190, bad: 110)).RunAsync("stat", "-o", "json");

        Expect.Json(
            "{'windowSeconds':1,'proxies':[{'address':'127.0.0.1:4191','error':null,'services':["
                + "{'direction':'outbound','service':'/svc/books','requests':200,'successRate':0.95,'rps':200,"
                + "'p50Ms':5,'p95Ms':9.5,'p99Ms':9.9,'inFlight':3}],'clients':["
                + "{'direction':'outbound','client':'/#/file/books','attempts':400,'successRate':0.475,'rps':400,"
                + "'p50Ms':5,'p95Ms':9.5,'p99Ms':9.9,'retries':200}]}]}",
            result.Json()
        );
    }

    [Theory]
    [InlineData("--total")]
    [InlineData("--window=0")]
    public async Task The_total_is_since_the_proxys_start(string option)
    {
        var result = await Two(Page(good: 750, bad: 250)).RunAsync("stat", option, "-o", "json");

        var service = result.Json()["proxies"]![0]!["services"]![0]!;
        Assert.Equal((1000, 0.75), ((double)service["requests"]!, (double)service["successRate"]!));
        Assert.Equal(100, (double)service["rps"]!);
    }

    [Fact]
    public async Task A_proxy_that_was_restarted_shows_what_it_did_since()
    {
        var result = await Two(Page(good: 1000, bad: 0), Page(good: 9, bad: 1)).RunAsync("stat", "-o", "json");

        Assert.Equal(10, (double)result.Json()["proxies"]![0]!["services"]![0]!["requests"]!);
    }

    [Fact]
    public async Task Without_requests_there_are_no_rates()
    {
        var page = Page(good: 10, bad: 0);
        var result = await Two(page, page).RunAsync("stat");

        Assert.Equal("outbound   /svc/books        -  0.0    -    -    -          3", result.Text.Split('\n')[1]);
    }

    [Fact]
    public async Task A_proxy_that_has_served_nothing_says_so() =>
        Assert.Equal(new CliResult(0, "no requests yet\n", ""), await Two("# nothing\n").RunAsync("stat"));

    [Fact]
    public async Task A_proxy_that_cannot_be_reached_hides_no_other()
    {
        var result = await Two(Page(good: 1, bad: 0)).RunAsync("stat", "-p", "127.0.0.1:1", "-p", Address, "--total");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("http://127.0.0.1:1/metrics: cannot be reached: Connection refused\n", result.Error);
        Assert.StartsWith($"proxy {Address}\nDIRECTION", result.Text);
    }

    [Fact]
    public async Task What_is_no_metrics_page_is_an_error()
    {
        var result = await Two("<html>").RunAsync("stat");

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Contains("what answers there is no metrics page: line 1", result.Error);
    }

    [Theory]
    [InlineData("x y")]
    [InlineData("ftp://x")]
    [InlineData("127.0.0.1:4191/metrics")]
    public async Task An_address_that_makes_no_sense_is_wrong_usage(string address)
    {
        var result = await Cli.Run("stat", "--proxy", address);

        Assert.Equal(
            new CliResult(2, "", $"--proxy cannot be '{address}'; write host:port, such as 127.0.0.1:4191\n"),
            result
        );
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1s")]
    [InlineData("2h")]
    public async Task A_window_that_makes_no_sense_is_wrong_usage(string window) =>
        Assert.Equal(2, (await Cli.Run("stat", $"--window={window}")).ExitCode);

    [Fact]
    public async Task Over_a_real_socket_a_closed_port_is_refused()
    {
        int port;
        using (var taken = new TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        var result = await Cli.Run("stat", "--proxy", $"127.0.0.1:{port}");

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Equal($"http://127.0.0.1:{port}/metrics: cannot be reached: Connection refused\n", result.Error);
    }

    private static Cli Two(params string[] pages) => new() { Pages = { [Address] = new Queue<string>(pages) } };

    /// <summary>Requests of 0 to 10 ms; every second attempt fails, and is tried again.</summary>
    private static string Page(int good, int bad) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            # TYPE weft_requests_total counter
            weft_requests_total{direction="outbound",service="/svc/books",route="a",status="200",result="success"} {{good}}
            weft_requests_total{direction="outbound",service="/svc/books",route="a",status="503",result="failure"} {{bad}}
            weft_request_duration_seconds_bucket{direction="outbound",service="/svc/books",route="a",le="0.01"} {{good
                + bad}}
            weft_request_duration_seconds_bucket{direction="outbound",service="/svc/books",route="a",le="+Inf"} {{good
                + bad}}
            weft_request_duration_seconds_sum{direction="outbound",service="/svc/books",route="a"} 1
            weft_requests_in_flight{direction="outbound",service="/svc/books"} 3
            weft_requests_in_flight{direction="inbound",service="other"} 0
            weft_attempts_total{direction="outbound",client="/#/file/books",status="200",result="success",try="first"} {{good}}
            weft_attempts_total{direction="outbound",client="/#/file/books",status="503",result="failure",try="first"} {{bad}}
            weft_attempts_total{direction="outbound",client="/#/file/books",status="503",result="failure",try="retry"} {{good
                + bad}}
            weft_attempt_duration_seconds_bucket{direction="outbound",client="/#/file/books",le="0.01"} {{2
                * (good + bad)}}
            weft_attempt_duration_seconds_bucket{direction="outbound",client="/#/file/books",le="+Inf"} {{2
                * (good + bad)}}
            process_start_time_seconds {{SkippingTime.Start.ToUnixTimeSeconds() - 10}}

            """
        );
}
