using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

public sealed class TimeoutTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Partial = "GET /a HTTP/1.1\r\nHo";

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_head_that_takes_too_long_is_answered_with_408(Transport transport)
    {
        await using var server = new TestServer(transport, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Partial);
        await server.UntilReceivedAsync(Partial.Length);
        await server.Loop.AdvanceAsync(TestServer.HeadMilliseconds - 100);
        // A byte now and then buys no time.
        await peer.SendAsync("s");
        await server.UntilReceivedAsync(Partial.Length + 1);
        await server.Loop.AdvanceAsync(110);
        await peer.ExpectLastAsync(TestHandler.RejectionOf(RejectReason.HeadTimeout));
        await server.UntilClosedAsync();
        Assert.Empty(server.Handler.Served);
    }

    [Fact]
    public async Task The_time_of_a_head_begins_with_its_first_byte_also_behind_a_request()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get + Partial);
        await peer.ExpectAsync(TestHandler.AnswerOf("/a"));
        await server.Loop.AdvanceAsync(TestServer.HeadMilliseconds + 10);
        await peer.ExpectLastAsync(TestHandler.RejectionOf(RejectReason.HeadTimeout));
    }

    [Fact]
    public async Task A_head_in_time_is_served_however_slow_its_body_and_its_answer_are()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        await peer.ExpectAsync("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n");
        await server.Loop.AdvanceAsync(10 * TestServer.IdleMilliseconds);
        await peer.SendAsync("a");
        await peer.ExpectAsync("a");
        await server.Loop.AdvanceAsync(10 * TestServer.IdleMilliseconds);
        await peer.SendAsync("b" + Get);
        await peer.ExpectAsync("bHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData(Get)]
    // Some old clients send an empty line behind a body (RFC 9112 section 2.2): that is no request that has begun.
    [InlineData(Get + "\r\n")]
    public async Task A_connection_that_idles_too_long_is_closed_without_a_word(string first)
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(first);
        if (first.Length > 0)
        {
            await peer.ExpectAsync(TestHandler.AnswerOf("/a"));
        }

        await server.UntilReceivedAsync(first.Length);
        await server.Loop.AdvanceAsync(TestServer.IdleMilliseconds - 10);
        Assert.Equal(0, server.Handler.Closed);
        await server.Loop.AdvanceAsync(20);
        await peer.ExpectLastAsync("");
        await server.UntilClosedAsync();
        Assert.Empty(server.Handler.Rejected);
    }

    [Fact]
    public async Task A_closing_connection_listens_for_a_moment_and_no_longer()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a", "connection: close\r\n"));
        await peer.SendAsync("more");
        await server.Loop.AdvanceAsync(TestServer.Defaults.LingerMilliseconds - 10);
        Assert.Equal(0, server.Handler.Closed);
        await server.Loop.AdvanceAsync(20);
        await server.UntilClosedAsync();
    }

    [Fact]
    public async Task A_closing_connection_does_not_listen_to_more_than_a_megabyte()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await peer.ExpectAsync(TestHandler.AnswerOf("/a", "connection: close\r\n"));
        // It ends with the connection under it, after a megabyte and what the buffers of two sockets hold.
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() =>
            peer.SendAsync(new byte[64 * 1024 * 1024])
        );
        await server.UntilClosedAsync();
        Assert.InRange(server.Connections[0].Connection.BytesIn, 1024 * 1024, (1024 + 128) * 1024);
    }

    [Fact]
    public async Task A_drained_connection_takes_one_more_request_and_says_that_it_is_the_last()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get);
        await peer.ExpectAsync(TestHandler.AnswerOf("/a"));
        await server.Loop.AskAsync(() =>
        {
            server.Connections[0].Drain();
            return true;
        });
        await server.Loop.AdvanceAsync(TestServer.Defaults.DrainGraceMilliseconds - 10);
        await peer.SendAsync(Get);
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a", "connection: close\r\n"));
    }

    [Fact]
    public async Task A_drained_connection_without_a_request_is_closed_after_the_grace()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get);
        await peer.ExpectAsync(TestHandler.AnswerOf("/a"));
        await server.Loop.AskAsync(() =>
        {
            server.Connections[0].Drain();
            return true;
        });
        await server.Loop.AdvanceAsync(TestServer.Defaults.DrainGraceMilliseconds + 10);
        await peer.ExpectLastAsync("");
    }

    [Fact]
    public async Task A_drain_during_a_response_lets_it_end_and_waits_for_the_grace()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        await peer.ExpectAsync("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n");
        await server.Loop.AskAsync(() =>
        {
            server.Connections[0].Drain();
            return true;
        });
        await server.Loop.AdvanceAsync(10 * TestServer.Defaults.DrainGraceMilliseconds);
        await peer.SendAsync("ab");
        await peer.ExpectAsync("ab");
        await server.Loop.AdvanceAsync(TestServer.Defaults.DrainGraceMilliseconds + 10);
        await peer.ExpectLastAsync("");
    }

    [Fact]
    public async Task A_handler_that_fails_to_refuse_a_slow_head_has_its_connection_closed()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        server.Handler.Refuses = _ => throw new InvalidOperationException("A defect.");
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Partial);
        await server.UntilReceivedAsync(Partial.Length);
        await server.Loop.AdvanceAsync(TestServer.HeadMilliseconds + 10);
        await peer.ExpectLastAsync("");
        await server.UntilClosedAsync();
        Assert.Equal("A defect.", Assert.Single(server.Loop.Unhandled).Message);
        server.Loop.Unhandled.Clear();
    }
}
