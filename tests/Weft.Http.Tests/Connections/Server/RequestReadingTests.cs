using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

public sealed class RequestReadingTests
{
    public static TheoryData<string> Messages =>
        [
            "GET /a?b HTTP/1.1\r\nHost: books\r\nAccept: */*\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: books\r\nContent-Length: 11\r\n\r\nhello world",
            "PUT /c HTTP/1.1\r\nHost: books\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\nhello \r\n5\r\nworld\r\n0\r\nx-sum: 1\r\n\r\n",
        ];

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_request_may_be_cut_at_every_byte(string message)
    {
        await using var server = new TestServer(Transport.Epoll, AnswerBodyAsync);
        var peer = await server.ConnectAsync();
        var body = message.EndsWith("*/*\r\n\r\n", StringComparison.Ordinal) ? "" : "hello world";
        var received = 0L;
        for (var cut = 1; cut < message.Length; cut++)
        {
            await peer.SendAsync(message[..cut]);
            received += cut;
            await server.UntilReceivedAsync(received);
            await peer.SendAsync(message[cut..]);
            received += message.Length - cut;
            await peer.ExpectAsync(TestHandler.AnswerOf(body));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_request_may_come_byte_by_byte(string message)
    {
        await using var server = new TestServer(Transport.Sockets, AnswerBodyAsync);
        var peer = await server.ConnectAsync();
        var body = message.EndsWith("*/*\r\n\r\n", StringComparison.Ordinal) ? "" : "hello world";
        for (var i = 0; i < message.Length; i++)
        {
            await peer.SendAsync(message[i..(i + 1)]);
            await server.UntilReceivedAsync(i + 1);
        }

        await peer.ExpectAsync(TestHandler.AnswerOf(body));
    }

    [Theory]
    [InlineData(15_000, 1)]
    [InlineData(16_384, 100)]
    [InlineData(31_000, 1000)]
    [InlineData(31_000, 20_000)]
    public async Task A_head_grows_across_buffers_and_is_still_what_was_sent(int size, int pieces)
    {
        await using var server = new TestServer(
            Transport.Epoll,
            e =>
            {
                Assert.True(e.Request.Find("x-first"u8) == 1 && e.Request.Find("x-last"u8) == 3);
                return TestHandler.AnswerAsync(e, Wire.Text(e.Request.Path) + Wire.Text(e.Request.Value(2)));
            }
        );
        var peer = await server.ConnectAsync();
        var value = string.Concat(Enumerable.Range(0, size / 5).Select(i => $"{i:D5}"));
        var message = $"GET /first HTTP/1.1\r\nHost: a\r\nx-first: 1\r\nx-big: {value}\r\nx-last: 1\r\n\r\n";
        // A small request before it, so that the large one does not begin where its buffer does.
        var small = "GET /0 HTTP/1.1\r\nHost: a\r\nx-first: 1\r\nx: 2\r\nx-last: 1\r\n\r\n";
        for (var sent = 0; sent < message.Length; sent += size / pieces)
        {
            var piece = message[sent..Math.Min(message.Length, sent + (size / pieces))];
            await peer.SendAsync(sent == 0 ? small + piece : piece);
        }

        await peer.ExpectAsync(TestHandler.AnswerOf("/02") + TestHandler.AnswerOf("/first" + value));
    }

    [Fact]
    public async Task A_head_may_be_as_large_as_the_limit_allows()
    {
        var options = TestServer.Defaults with { Limits = new HeadLimits(HeadLimits.MostBytes, 100, 1000) };
        await using var server = new TestServer(
            Transport.Epoll,
            e => TestHandler.AnswerAsync(e, $"{e.Request.Value(1).Length}"),
            options
        );
        var peer = await server.ConnectAsync();
        const string start = "GET / HTTP/1.1\r\nHost: a\r\nx: ";
        var size = HeadLimits.MostBytes - start.Length - 4;
        await peer.SendAsync($"{start}{new string('x', size)}\r\n\r\n");
        await peer.ExpectAsync(TestHandler.AnswerOf($"{size}"));
        await peer.SendAsync($"{start}{new string('x', size + 1)}\r\n\r\n");
        await peer.ExpectLastAsync(TestHandler.RejectionOf(RejectReason.HeadTooLarge));
    }

    [Fact]
    public void A_limit_beyond_what_can_be_held_is_no_limit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Http1RequestParser(new(HeadLimits.MostBytes + 1, 1, 1)));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(15_900)]
    public async Task The_head_stays_as_it_was_while_its_body_is_read(int headSize)
    {
        const int bodySize = 300_000;
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                var before = Wire.Describe(e.Request);
                long read = 0;
                for (var chunk = BodyChunk.None; !chunk.IsLast; )
                {
                    chunk = await e.RequestBody.ReadAsync();
                    Assert.False(chunk.IsFailed);
                    read += chunk.Data.Length;
                    Assert.Equal(before, Wire.Describe(e.Request));
                }

                await TestHandler.AnswerAsync(e, $"{read}");
            }
        );
        var peer = await server.ConnectAsync();
        var padding = new string('p', headSize);
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nx: {padding}\r\nContent-Length: {bodySize}\r\n\r\n");
        await peer.SendAsync(new byte[bodySize]);
        await peer.ExpectAsync(TestHandler.AnswerOf($"{bodySize}"));
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nx: {padding}\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 30; i++)
        {
            await peer.SendAsync("2710\r\n" + new string('c', 10_000) + "\r\n");
        }

        await peer.SendAsync("0\r\n\r\n");
        await peer.ExpectAsync(TestHandler.AnswerOf("300000"));
    }

    private static async LoopTask AnswerBodyAsync(ServerExchange exchange)
    {
        var text = "";
        BodyChunk chunk;
        do
        {
            chunk = await exchange.RequestBody.ReadAsync();
            Assert.False(chunk.IsFailed);
            text += Wire.Text(chunk.Data.Span);
        } while (!chunk.IsLast);

        await TestHandler.AnswerAsync(exchange, text);
    }
}
