using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

public sealed class KeepAliveTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Close = "connection: close\r\n";
    private const string Keep = "connection: keep-alive\r\n";

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task Requests_follow_one_another_on_one_connection(Transport transport)
    {
        await using var server = new TestServer(transport, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            await peer.SendAsync($"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            await peer.ExpectAsync(TestHandler.AnswerOf($"/{i}"));
        }

        Assert.Equal(1, await server.Loop.AskAsync(() => server.Connections.Count));
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task Requests_that_come_in_one_packet_are_answered_in_order(Transport transport)
    {
        const int count = 300;
        await using var server = new TestServer(transport, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        var requests = Enumerable
            .Range(0, count)
            .Select(i => $"GET /{i}?{new string('x', i)} HTTP/1.1\r\nHost: a\r\n\r\n");
        var answers = Enumerable.Range(0, count).Select(i => TestHandler.AnswerOf($"/{i}?{new string('x', i)}"));
        var sending = peer.SendAsync(string.Concat(requests));
        await peer.ExpectAsync(string.Concat(answers));
        await sending;
    }

    [Fact]
    public async Task Requests_are_found_behind_the_bodies_of_those_before_them()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"
                + "POST /4 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
        );
        await peer.ExpectAsync(
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
                + "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"
        );
        Assert.Equal(["/1", "/2", "/3", "/4"], server.Handler.Served);
    }

    [Theory]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Close)]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", Close)]
    [InlineData("GET /a HTTP/1.0\r\n\r\n", Close)]
    [InlineData("GET /a HTTP/1.0\r\nConnection: upgrade, close, keep-alive\r\nUpgrade: x\r\n\r\n", Close)]
    public async Task A_request_that_is_the_last_is_answered_and_what_is_behind_it_is_not_served(
        string request,
        string field
    )
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(request + Get);
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a", field));
        Assert.Equal(["/a"], server.Handler.Served);
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_keeps_its_connection_when_it_asks_for_that()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/1", Keep) + TestHandler.AnswerOf("/2", Close));
    }

    [Fact]
    public async Task An_absolute_target_is_served_under_its_path()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET http://books/x?y HTTP/1.1\r\nHost: a\r\n\r\n" + Get);
        await peer.ExpectAsync(TestHandler.AnswerOf("/x?y") + TestHandler.AnswerOf("/a"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", RejectReason.WhitespaceBeforeColon)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", RejectReason.MissingHost)]
    [InlineData(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        RejectReason.LengthAndTransferEncoding
    )]
    [InlineData("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", RejectReason.TransferEncodingInHttp10)]
    [InlineData("GET / HTTP/2.0\r\n\r\n", RejectReason.UnsupportedVersion)]
    public async Task A_refused_request_is_answered_and_nothing_behind_it_is_served(string request, RejectReason reason)
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get + request + Get);
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a") + TestHandler.RejectionOf(reason));
        Assert.Equal(["/a"], server.Handler.Served);
        Assert.Equal([reason], server.Handler.Rejected);
    }

    [Fact]
    public async Task A_refusal_reaches_a_client_that_goes_on_sending()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET / HTTP/1.1\r\nX: " + new string('x', 200_000));
        await peer.ExpectLastAsync(TestHandler.RejectionOf(RejectReason.HeadTooLarge));
    }

    [Fact]
    public async Task An_answer_to_a_request_whose_body_is_not_read_closes_and_reaches_the_client_all_the_same()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
        await peer.SendAsync(new byte[600_000]);
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a", Close));
    }

    [Theory]
    [InlineData("Content-Length: 3\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nx: y\r\n\r\n")]
    public async Task An_answer_to_a_request_whose_body_came_with_the_head_keeps_the_connection(string rest)
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST /b HTTP/1.1\r\nHost: a\r\n" + rest + Get);
        await peer.ExpectAsync(TestHandler.AnswerOf("/b") + TestHandler.AnswerOf("/a"));
    }

    [Fact]
    public async Task A_request_that_the_handler_leaves_unanswered_resets_the_connection()
    {
        await using var server = new TestServer(Transport.Epoll, _ => default);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get);
        await peer.ExpectResetAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_fails_ends_its_connection_with_a_reset(bool started)
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async exchange =>
            {
                if (started)
                {
                    await TestHandler.SendAsync(exchange, "HTTP/1.1 200 OK\r\n\r\n");
                    await exchange.SendBodyAsync(new BodyChunk(Wire.Bytes("half"), BodyState.More), null);
                }

                throw new InvalidOperationException("A defect.");
            }
        );
        var peer = await server.ConnectAsync();
        // A client of HTTP/1.0 takes an end in good order for the end of the body.
        await peer.SendAsync("GET /a HTTP/1.0\r\n\r\n");
        await peer.ExpectResetAsync();
        await server.UntilClosedAsync();
        Assert.Equal("A defect.", Assert.Single(server.Escaped).Message);
        server.Escaped.Clear();
    }
}
