using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Bounds;

/// <summary>One HTTP/2 connection with very many streams, whose client does not always wait for the answers.</summary>
public sealed class EnduranceTests
{
    private const int Streams = 100;
    private const int MostBytes = 300_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const long Growth = 32 << 20;

    /// <summary>How long it goes on: a few seconds, or what WEFT_E2E_ENDURANCE_SECONDS says.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.TryParse(
            Environment.GetEnvironmentVariable("WEFT_E2E_ENDURANCE_SECONDS"),
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? seconds
            : 6
    );

    /// <param name="hops">What the hops behind the first proxy speak.</param>
    /// <param name="seed">Of what is random.</param>
    [Theory]
    [InlineData("http2 http2", 1)]
    [InlineData("http1", 2)]
    public async Task half_of_a_hundred_streams_are_cancelled_and_nothing_is_left_behind(string hops, int seed)
    {
        var protocol = hops.EndsWith('2') ? HttpProtocols.Http2 : HttpProtocols.Http1;
        await using var upstream = await EchoUpstream.Start("books-1", protocol: protocol);
        await using var way = await Way.Start(hops, upstream.Address);
        using var client = Client(way.Front);
        var random = new Random(seed);
        var started = Stopwatch.GetTimestamp();
        var (whole, cancelled) = (0, 0);

        async Task Work(Random own)
        {
            while (Stopwatch.GetElapsedTime(started) < Duration)
            {
                if (own.Next(2) == 0)
                {
                    await EchoesWhole(client, own);
                    Interlocked.Increment(ref whole);
                }
                else if (await IsCancelled(client, own))
                {
                    Interlocked.Increment(ref cancelled);
                }
            }
        }
        var work = Task.WhenAll(
            Enumerable.Range(0, Streams).Select(_ => new Random(random.Next())).Select(own => Task.Run(() => Work(own)))
        );
        var memory = way.Proxies.Select(p => new MemorySamples(p)).ToList();
        await Eventually.Is(
            () =>
            {
                memory.ForEach(m => m.Take(Stopwatch.GetElapsedTime(started) > Duration / 3));
                return work.IsCompleted;
            },
            "the streams came to their end",
            Duration + Patience
        );
        Assert.True(work.IsCompletedSuccessfully, $"{await way.Failures()}\n{work.Exception}");

        // The one connection is still there, and nothing of all that.
        Assert.Equal(
            "books-1",
            await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken)
        );
        await way.IsQuiet();
        Assert.Equal(1, await way.Outbound.Metric("weft_connections_total", "peer=\"downstream\""));
        Assert.True(whole > 0 && cancelled > 0, $"{whole} whole, {cancelled} cancelled");
        Assert.Equal("", await way.Failures());
        Assert.All(memory, m => Assert.InRange(m.Peak, 0, m.WarmPeak + Growth));
        TestContext.Current.SendDiagnosticMessage(
            $"{hops}: {whole} whole, {cancelled} cancelled; resident MiB (warm, peak): {string.Join("; ", memory)}"
        );
    }

    [Theory]
    [InlineData("http2")]
    [InlineData("http1")]
    [InlineData("http2 http2")]
    public async Task a_slow_reader_stops_its_own_upstream_and_none_other(string hops)
    {
        const long size = 64 << 20;
        // Windows and buffers of three connections, the kernel's included, and far below the whole.
        const long bound = 24 << 20;
        var protocol = hops.EndsWith('2') ? HttpProtocols.Http2 : HttpProtocols.Http1;
        await using var upstream = await EchoUpstream.Start("books-1", protocol: protocol);
        await using var way = await Way.Start(hops, upstream.Address);
        using var client = Client(way.Front);
        await EchoesWhole(client, new Random(1));
        var before = way.Proxies.Select(p => p.ResidentBytes).ToList();

        using var slow = await client.GetAsync(
            new Uri($"/stream?bytes={size}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        var random = new Random(2);
        for (var i = 0; i < 40; i++)
            await EchoesWhole(client, random);

        Assert.InRange(upstream.Streamed, 0, bound);
        Assert.All(way.Proxies.Zip(before), p => Assert.InRange(p.First.ResidentBytes, 0, p.Second + Growth));
        await using var body = await slow.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(size, await Pattern.Verify(body, TestContext.Current.CancellationToken));
        await way.IsQuiet();
        Assert.Equal(1, await way.Outbound.Metric("weft_connections_total", "peer=\"downstream\""));
    }

    /// <summary>An implementation that is not ours: one connection, HTTP/2 with prior knowledge.</summary>
    private static HttpClient Client(IPEndPoint front)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://{front}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Host = Way.Service;
        return client;
    }

    private static async Task EchoesWhole(HttpClient client, Random random)
    {
        var (request, sent) = Echo(random);
        using var _ = request;
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await response.Content.ReadAsByteArrayAsync()));
    }

    /// <summary>Cancels at any moment: before the head has left, while either body is on its way, or too late, which is false.</summary>
    private static async Task<bool> IsCancelled(HttpClient client, Random random)
    {
        var (request, _) = Echo(random);
        using var __ = request;
        using var cancellation = new CancellationTokenSource(random.Next(0, 30));
        try
        {
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation.Token
            );
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsByteArrayAsync(cancellation.Token);
            return false;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return true;
        }
    }

    private static (HttpRequestMessage Request, byte[] Body) Echo(Random random)
    {
        var body = new byte[random.Next(MostBytes)];
        random.NextBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/echo", UriKind.Relative))
        {
            Content = new ByteArrayContent(body),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return (request, body);
    }

    /// <summary>What a proxy had in RAM: its most while it warmed up, and its most after that.</summary>
    private sealed class MemorySamples(WeftProcess weft)
    {
        public long WarmPeak { get; private set; }

        public long Peak { get; private set; }

        public void Take(bool isWarm)
        {
            var now = weft.ResidentBytes;
            if (isWarm)
                Peak = Math.Max(Peak, now);
            else
                WarmPeak = Math.Max(WarmPeak, now);
        }

        public override string ToString() => $"{WarmPeak >> 20}, {Peak >> 20}";
    }
}
