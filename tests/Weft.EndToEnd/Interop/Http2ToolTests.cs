using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

/// <summary>curl, nghttp, h2load and nghttpd with HTTP/2, through one proxy and through two, whatever version the hops behind them speak.</summary>
public sealed class Http2ToolTests
{
    private const int BodyBytes = 3_000_000;

    /// <summary>The versions of the hops behind the first proxy.</summary>
    public static TheoryData<string> Ways =>
        ["http1", "http2", "http1 http1", "http1 http2", "http2 http1", "http2 http2"];

    /// <summary>Those whose last hop speaks HTTP/2.</summary>
    public static TheoryData<string> WaysToHttp2 => ["http2", "http1 http2", "http2 http2"];

    [Theory, MemberData(nameof(Ways))]
    public async Task curl_gets_and_sends_whole_bodies_and_trailers(string hops)
    {
        await using var upstream = await EchoUpstream.Start("books-1", protocol: LastOf(hops));
        await using var way = await Way.Start(hops, upstream.Address);
        using var folder = new TempFolder();
        var body = await Body(folder);

        Assert.Equal("books-1 HTTP/2", await Curl(way, "/", "-w", " HTTP/%{http_version}"));
        Assert.StartsWith("HTTP/2 200", await Curl(way, "/", "-I"), StringComparison.Ordinal);
        Assert.Equal(HashOf(body), await Curl(way, "/hash", "-T", body));
        var copy = folder.In("copy");
        await Curl(way, "/echo", "--data-binary", $"@{body}", "-o", copy);
        Assert.Equal(HashOf(body), HashOf(copy));
        await Curl(way, $"/stream?bytes={BodyBytes}", "-o", copy);
        await using (var file = File.OpenRead(copy))
            Assert.Equal(BodyBytes, await Pattern.Verify(file, TestContext.Current.CancellationToken));
        Assert.Equal("404", await Curl(way, "/status/404", "-w", "%{http_code}"));
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task nghttp_sends_a_body_with_trailers_and_reads_both_back(string hops)
    {
        await using var upstream = await EchoUpstream.Start("books-1", protocol: LastOf(hops));
        await using var way = await Way.Start(hops, upstream.Address);
        using var folder = new TempFolder();
        var body = await Body(folder);

        var log = await Tool.Run(
            "nghttp",
            [
                "-v",
                "-d",
                body,
                "--no-content-length",
                "--trailer",
                $"{EchoUpstream.RequestTrailer}: 42",
                "-H",
                ":authority: books",
                $"http://{way.Front}/trailers",
            ]
        );

        Assert.Contains($"{HashOf(body)} 42", log, StringComparison.Ordinal);
        if (LastOf(hops) == HttpProtocols.Http2)
        {
            Assert.Contains($"{EchoUpstream.HashTrailer}: {HashOf(body)}", log, StringComparison.Ordinal);
            Assert.Contains($"{EchoUpstream.EchoTrailer}: 42", log, StringComparison.Ordinal);
        }
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(WaysToHttp2))]
    public async Task nghttpd_is_served_to_nghttp_and_curl_with_bodies_and_trailers(string hops)
    {
        using var folder = new TempFolder();
        var body = await Body(folder);
        await using var nghttpd = await ToolServer.Nghttpd(folder, "x-end: reached");
        await using var way = await Way.Start(hops, nghttpd.Address);

        var copy = folder.In("copy");
        var head = folder.In("head");
        await Curl(way, $"/{Path.GetFileName(body)}", "-o", copy, "-D", head);
        Assert.Equal(HashOf(body), HashOf(copy));
        Assert.Contains(
            "x-end: reached",
            await File.ReadAllTextAsync(head, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        await Curl(way, "/echoed", "--data-binary", $"@{body}", "-o", copy);
        Assert.Equal(HashOf(body), HashOf(copy));
        var log = await Tool.Run(
            "nghttp",
            ["-nv", "-m", "20", "-H", ":authority: books", $"http://{way.Front}/{Path.GetFileName(body)}"]
        );
        var answered = StreamsThatReceived(log, ":status: 200");
        Assert.Equal(20, answered.Distinct().Count());
        Assert.Equal(answered, StreamsThatReceived(log, "x-end: reached"));
        await way.IsQuiet();
    }

    [Theory]
    [InlineData("http1")]
    [InlineData("http2 http1")]
    [InlineData("http2 http2")]
    public async Task h2load_sees_every_request_succeed(string hops)
    {
        await using var upstream = await EchoUpstream.Start("books-1", protocol: LastOf(hops));
        await using var way = await Way.Start(hops, upstream.Address);

        var output = await Tool.Run(
            "h2load",
            ["-n", "4000", "-c", "4", "-m", "50", "-H", ":authority: books", $"http://{way.Front}/"]
        );

        Assert.Contains("4000 succeeded, 0 failed, 0 errored, 0 timeout", output, StringComparison.Ordinal);
        Assert.Contains("status codes: 4000 2xx, 0 3xx, 0 4xx, 0 5xx", output, StringComparison.Ordinal);
        Assert.Equal(4000, upstream.Served);
        await way.IsQuiet();
    }

    [Fact]
    public async Task h2load_and_nghttpd_share_few_connections_behind_the_proxy()
    {
        using var folder = new TempFolder();
        folder.Write("page", "a page");
        await using var nghttpd = await ToolServer.Nghttpd(folder, "x-end: reached");
        await using var way = await Way.Start("http2", nghttpd.Address);

        var output = await Tool.Run(
            "h2load",
            ["-n", "4000", "-c", "8", "-m", "32", "-H", ":authority: books", $"http://{way.Front}/page"]
        );

        Assert.Contains("4000 succeeded, 0 failed, 0 errored, 0 timeout", output, StringComparison.Ordinal);
        // 256 at once, of which one connection to nghttpd takes 100.
        var opened = await way.Outbound.Metric("weft_connections_total", "peer=\"upstream\"", "protocol=\"http2\"");
        Assert.InRange(opened, 1, 4);
        await way.IsQuiet();
    }

    private static HttpProtocols LastOf(string hops) => hops.EndsWith('2') ? HttpProtocols.Http2 : HttpProtocols.Http1;

    /// <summary>The streams on which nghttp says that it received the field, in ascending order; one as often as it did.</summary>
    private static List<int> StreamsThatReceived(string log, string field) =>
        Regex
            .Matches(log, $@"recv \(stream_id=(\d+)\) {Regex.Escape(field)}$", RegexOptions.Multiline)
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
            .Order()
            .ToList();

    private static Task<string> Curl(Way way, string path, params string[] arguments) =>
        Tool.Run(
            "curl",
            ["-sS", "--http2-prior-knowledge", "-H", "Host: books", .. arguments, $"http://{way.Front}{path}"]
        );

    private static async Task<string> Body(TempFolder folder)
    {
        var path = folder.In("body");
        await using var file = File.Create(path);
        await Pattern.Write(file, BodyBytes, CancellationToken.None);
        return path;
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
