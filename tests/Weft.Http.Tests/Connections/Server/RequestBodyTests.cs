using System.Security.Cryptography;
using System.Text;
using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

public sealed class RequestBodyTests
{
    public static TheoryData<int> Sizes =>
        [0, 1, 8191, 8192, 8193, 12_288, 12_289, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 200_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_body_with_a_length_comes_back_as_it_was_sent(int size)
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        var body = Letters(size);
        for (var i = 0; i < 2; i++)
        {
            var sending = peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n{body}");
            await peer.ExpectAsync($"HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n{body}");
            await sending;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_chunked_body_comes_back_with_the_same_bytes(int size)
    {
        await using var server = new TestServer(Transport.Sockets, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        var body = Letters(size);
        var sending = peer.SendAsync(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + (size == 0 ? "" : $"{size:x}\r\n{body}\r\n")
                + "0\r\n\r\n"
        );
        Assert.Equal(body, await ReadChunkedAsync(peer));
        await sending;
    }

    [Fact]
    public async Task Chunks_of_every_size_come_back_with_the_same_bytes_and_the_trailers()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        var message = new StringBuilder("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        var body = new StringBuilder();
        for (var size = 1; size < 600; size++)
        {
            body.Append(Letters(size));
            message.Append($"{size:X}\r\n{Letters(size)}\r\n");
        }

        message.Append("0\r\nX-Sum: 1\r\nhost: evil\r\nx-b:2\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            var sending = peer.SendAsync(message.ToString());
            Assert.Equal(body.ToString(), await ReadChunkedAsync(peer, "X-Sum: 1\r\nx-b: 2\r\n"));
            await sending;
        }
    }

    [Theory]
    [InlineData("Z\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("3\r\nabcX", RejectReason.UnterminatedChunk)]
    [InlineData("11111111111111111\r\n", RejectReason.ChunkSizeTooLarge)]
    public async Task A_malformed_body_is_told_to_the_handler_and_ends_the_connection(string body, RejectReason reason)
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + body
                + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        var text = Wire.Text(await peer.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"connection: close\r\n\r\n{reason}", text, StringComparison.Ordinal);
        Assert.Equal(["/"], server.Handler.Served);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nabc")]
    public async Task A_body_that_ends_too_early_is_broken_and_never_complete(string rest)
    {
        var states = new List<BodyState>();
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                BodyChunk chunk;
                do
                {
                    chunk = await e.RequestBody.ReadAsync();
                    states.Add(chunk.State);
                } while (chunk.State == BodyState.More);

                Assert.False(e.RequestBody.IsComplete);
                e.Abort();
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\n" + rest);
        peer.EndSending();
        await peer.ExpectResetAsync();
        Assert.Equal([BodyState.More, BodyState.Broken], states);
    }

    [Fact]
    public async Task A_client_that_waits_for_100_gets_it_and_then_its_answer()
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                Assert.True(e.Request.ExpectContinue);
                await e.SendInterimAsync(Wire.Response("HTTP/1.1 100 Continue\r\n\r\n"));
                await TestHandler.EchoAsync(e);
            }
        );
        var peer = await server.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            await peer.ExpectAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await peer.SendAsync("abc");
            await peer.ExpectAsync("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc");
        }
    }

    [Fact]
    public async Task A_client_that_waits_for_100_and_is_refused_is_closed_for_its_body_may_follow()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a", "connection: close\r\n"));
    }

    [Theory]
    [InlineData(Transport.Epoll, false)]
    [InlineData(Transport.Epoll, true)]
    [InlineData(Transport.Sockets, true)]
    public async Task Fifty_megabytes_come_back_unharmed(Transport transport, bool chunked)
    {
        const int pieces = 800;
        await using var server = new TestServer(transport, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        var piece = new byte[65_536];
        new Random(7).NextBytes(piece);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {pieces * piece.Length}";
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n");
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < pieces; i++)
                {
                    sent.AppendData(piece);
                    if (chunked)
                    {
                        await peer.SendAsync("10000\r\n");
                    }

                    await peer.SendAsync(piece);
                    if (chunked)
                    {
                        await peer.SendAsync("\r\n");
                    }
                }

                if (chunked)
                {
                    await peer.SendAsync("0\r\n\r\n");
                }
            },
            TestContext.Current.CancellationToken
        );
        await peer.ReadHeadAsync();
        if (chunked)
        {
            await ReadChunkedAsync(peer, received);
        }
        else
        {
            var buffer = new byte[256 * 1024];
            for (var left = pieces * piece.Length; left > 0; )
            {
                var n = await peer.ReadSomeAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
                Assert.NotEqual(0, n);
                received.AppendData(buffer, 0, n);
                left -= n;
            }
        }

        await sending;
        Assert.Equal(sent.GetHashAndReset(), received.GetHashAndReset());
    }

    private static string Letters(int size) =>
        string.Create(
            size,
            0,
            (span, _) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = (char)('a' + (i % 23));
                }
            }
        );

    private static async Task<string> ReadChunkedAsync(RawPeer peer, string trailers = "")
    {
        Assert.EndsWith("transfer-encoding: chunked\r\n\r\n", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        var body = new StringBuilder();
        while (await ReadSizeAsync(peer) is > 0 and var size)
        {
            body.Append(Wire.Text(await peer.ReadAsync(size)));
            await peer.ExpectAsync("\r\n");
        }

        await peer.ExpectAsync(trailers + "\r\n");
        return body.ToString();
    }

    private static async Task ReadChunkedAsync(RawPeer peer, IncrementalHash hash)
    {
        while (await ReadSizeAsync(peer) is > 0 and var size)
        {
            hash.AppendData(await peer.ReadAsync(size));
            await peer.ExpectAsync("\r\n");
        }

        await peer.ExpectAsync("\r\n");
    }

    private static async Task<int> ReadSizeAsync(RawPeer peer)
    {
        var line = "";
        while (!line.EndsWith("\r\n", StringComparison.Ordinal))
        {
            line += Wire.Text(await peer.ReadAsync(1));
        }

        return int.Parse(line.AsSpan(0, line.Length - 2), System.Globalization.NumberStyles.HexNumber, null);
    }
}
