using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

public sealed class ResponseFramingTests
{
    private const string Http11 = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Http10 = "GET / HTTP/1.0\r\n\r\n";
    private const string Http10Keep = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    private const string Length = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private const string UntilClose = "HTTP/1.1 200 OK\r\n\r\n";

    [Theory]
    [InlineData(Http11, Length, "content-length: 5\r\n", "hello", true)]
    [InlineData(Http11, Chunked, "transfer-encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", true)]
    [InlineData(Http11, UntilClose, "transfer-encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", true)]
    [InlineData(Http10, Length, "content-length: 5\r\nconnection: close\r\n", "hello", false)]
    [InlineData(Http10, Chunked, "connection: close\r\n", "hello", false)]
    [InlineData(Http10, UntilClose, "connection: close\r\n", "hello", false)]
    [InlineData(Http10Keep, Length, "content-length: 5\r\nconnection: keep-alive\r\n", "hello", true)]
    [InlineData(Http10Keep, Chunked, "connection: close\r\n", "hello", false)]
    [InlineData(Http10Keep, UntilClose, "connection: close\r\n", "hello", false)]
    public async Task A_body_is_framed_as_its_client_understands_it(
        string request,
        string response,
        string fields,
        string body,
        bool keeps
    )
    {
        await using var server = new TestServer(
            Transport.Epoll,
            e => TestHandler.SendAsync(e, response, "he", "", "llo")
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(request);
        var expected = "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
        if (keeps)
        {
            await peer.ExpectAsync(expected);
            await peer.SendAsync(request);
            await peer.ExpectAsync(expected);
        }
        else
        {
            await peer.ExpectLastAsync(expected);
        }
    }

    [Theory]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n")]
    [InlineData(
        "GET",
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n"
    )]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")]
    public async Task A_response_without_a_body_ends_with_its_head(string method, string response, string expected)
    {
        await using var server = new TestServer(Transport.Epoll, e => TestHandler.SendAsync(e, response));
        var peer = await server.ConnectAsync();
        await peer.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        await peer.ExpectAsync(expected + expected);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task An_answer_made_here_that_can_have_no_body_has_none_and_no_length(int status)
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async e => await e.RespondAsync(status, FieldBlock.Empty, Wire.Bytes("nothing"))
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Http11 + Http11);
        var expected = $"HTTP/1.1 {status} {Wire.Text(ReasonPhrase.Of(status))}\r\n\r\n";
        await peer.ExpectAsync(expected + expected);
    }

    [Fact]
    public async Task An_answer_made_here_to_HEAD_has_the_length_and_no_body()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\nHEAD /d HTTP/1.1\r\nHost: a\r\n\r\n");
        await peer.ExpectAsync(TestHandler.AnswerOf("/abc")[..^4] + TestHandler.AnswerOf("/d")[..^2]);
    }

    [Theory]
    [InlineData(
        Http11,
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
    )]
    [InlineData(Http10Keep, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\nhello")]
    public async Task Interim_responses_go_to_those_who_understand_them(string request, string expected)
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                var hints = "HTTP/1.1 103 Early Hints\r\nconnection: x-hop\r\nx-hop: 1\r\nlink: </a>\r\n\r\n";
                Assert.True(await e.SendInterimAsync(Wire.Response(hints)));
                Assert.False(e.ResponseStarted);
                await TestHandler.SendAsync(e, Length, "hello");
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(request);
        await peer.ExpectAsync(expected);
    }

    [Fact]
    public async Task Hop_by_hop_fields_stay_behind_and_the_reason_phrase_goes_on()
    {
        const string response =
            "HTTP/1.1 299 Quite Fine\r\nConnection: close, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nX-Stays: 2\r\ncontent-length: 5\r\n\r\n";
        await using var server = new TestServer(Transport.Epoll, e => TestHandler.SendAsync(e, response, "hello"));
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Http11 + Http11);
        const string expected = "HTTP/1.1 299 Quite Fine\r\nX-Stays: 2\r\ncontent-length: 5\r\n\r\nhello";
        await peer.ExpectAsync(expected + expected);
    }

    [Fact]
    public async Task The_added_fields_of_a_caller_stay_as_they_were()
    {
        var added = new AddedFields();
        added.Add(new FieldBlock(("via", "1.1 weft")));
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
                await e.SendHeadAsync(
                    Wire.Response(Chunked),
                    added,
                    new BodyChunk(Wire.Bytes("x"), BodyState.Last),
                    null
                )
        );
        var peer = await server.ConnectAsync();
        const string expected =
            "HTTP/1.1 200 OK\r\nvia: 1.1 weft\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
        for (var i = 0; i < 10; i++)
        {
            await peer.SendAsync(Http11);
            await peer.ExpectAsync(expected);
        }
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(70_000)]
    [InlineData(180_000)]
    public async Task A_head_of_any_size_that_could_be_received_can_be_sent(int size)
    {
        var value = new string('v', size);
        var parser = new Http1ResponseParser(new HeadLimits(HeadLimits.MostBytes, 100, 1000));
        var bytes = Wire.Bytes($"HTTP/1.1 200 OK\r\nx: {value}\r\ntransfer-encoding: chunked\r\n\r\n");
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                var head = new ResponseHead();
                Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, 0, bytes.Length, head, e.Request.Method));
                var first = new BodyChunk(Wire.Bytes("first"), BodyState.More);
                Assert.True(await e.SendHeadAsync(head, new AddedFields(), first, null));
                Assert.True(await e.SendBodyAsync(new BodyChunk(Wire.Bytes("last"), BodyState.Last), null));
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Http11);
        await peer.ExpectAsync(
            $"HTTP/1.1 200 OK\r\nx: {value}\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n"
        );
    }
}
