using Weft.Http.Tests.Connections;
using Weft.Net;

namespace Weft.Http.Tests.Tunnels;

/// <summary>A tunnel as the server of HTTP/1.1 has it.</summary>
public sealed class Http1ServerTunnelTests
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task Bytes_go_both_ways_until_the_client_ends_its_side_and_then_the_server(Transport transport)
    {
        await using var server = new TestServer(transport, Handshakes.EchoAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade);
        await peer.ExpectAsync(Handshakes.Agreed);
        await peer.SendAsync("one");
        await peer.ExpectAsync("one");
        await peer.SendAsync(Next);
        await peer.ExpectAsync(Next);
        peer.EndSending();
        await peer.ExpectLastAsync("");
        Assert.Equal(["/chat"], server.Handler.Served);
        await server.UntilClosedAsync();
    }

    [Fact]
    public async Task Megabytes_pass_unchanged_behind_the_head()
    {
        await using var server = new TestServer(Transport.Epoll, Handshakes.EchoAsync);
        var peer = await server.ConnectAsync();
        var bytes = new byte[3 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        var sending = SendAsync();
        await peer.ExpectAsync(Handshakes.Agreed);
        var got = await peer.ReadToEndAsync();
        Assert.True(bytes.AsSpan().SequenceEqual(got));
        await sending;

        async Task SendAsync()
        {
            await peer.SendAsync(Handshakes.Upgrade);
            await peer.SendAsync(bytes);
            peer.EndSending();
        }
    }

    [Fact]
    public async Task The_server_may_end_its_side_first_and_goes_on_listening()
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = new TestServer(
            Transport.Epoll,
            async e => heard.SetResult(await Handshakes.SpeakAndListenAsync(e))
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade);
        await peer.ExpectLastAsync(Handshakes.Agreed + "bye");
        await peer.SendAsync("still ");
        await peer.SendAsync("here");
        peer.EndSending();
        Assert.Equal(
            "still here Last",
            await heard.Task.WaitAsync(TestLoop.Patience, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_client_that_resets_breaks_its_side()
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = new TestServer(
            Transport.Epoll,
            async e => heard.SetResult(await Handshakes.SpeakAndListenAsync(e))
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade);
        await peer.ExpectAsync(Handshakes.Agreed + "bye");
        peer.Reset();
        Assert.Equal(" Broken", await heard.Task.WaitAsync(TestLoop.Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Handshakes.Upgrade, Handshakes.Agreed)]
    [InlineData(Handshakes.Connect, "HTTP/1.1 200 OK\r\n\r\n")]
    public async Task A24_bytes_sent_before_the_answer_are_the_tunnels_and_no_request(string request, string agreed)
    {
        var gate = new LoopSignal<bool>();
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                Assert.Equal(BodyChunk.End, e.RequestBody.Take());
                await gate.Arm();
                if (e.Request.Method == RequestMethod.Connect)
                {
                    var head = Wire.Response("HTTP/1.1 200 Fine\r\n\r\n", RequestMethod.Connect);
                    await e.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null);
                    await e.SendBodyAsync(await e.RequestBody.ReadAsync(), null);
                    await e.SendBodyAsync(BodyChunk.End, null);
                    Assert.True((await e.RequestBody.ReadAsync()).IsLast);
                }
                else
                {
                    await Handshakes.EchoAsync(e);
                }
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(request + Next);
        await server.Loop.UntilAsync(() => gate.IsArmed);
        await server.Loop.AskAsync(() =>
        {
            gate.Complete(result: true);
            return true;
        });
        await peer.ExpectAsync(agreed + Next);
        peer.EndSending();
        await peer.ExpectLastAsync("");
        Assert.Single(server.Handler.Served);
    }

    [Theory]
    [InlineData(Handshakes.Upgrade)]
    [InlineData(Handshakes.Connect)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n")]
    public async Task A24_after_a_refusal_the_connection_ends_and_what_came_behind_the_request_is_not_served(
        string request
    )
    {
        await using var server = new TestServer(Transport.Epoll, e => TestHandler.AnswerAsync(e, "no"));
        var peer = await server.ConnectAsync();
        await peer.SendAsync(request + Next);
        await peer.ExpectLastAsync(TestHandler.AnswerOf("no", "connection: close\r\n"));
        Assert.Single(server.Handler.Served);
    }

    [Fact]
    public async Task A24_the_same_with_an_answer_that_is_passed_on()
    {
        const string refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n";
        await using var server = new TestServer(Transport.Epoll, e => TestHandler.SendAsync(e, refusal + "\r\n", "no"));
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade + Next);
        await peer.ExpectLastAsync(refusal + "connection: close\r\n\r\nno");
        Assert.Single(server.Handler.Served);
    }

    [Fact]
    public async Task A_tunnel_that_its_handler_leaves_is_reset()
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async e => await e.SendHeadAsync(Handshakes.Agreement(), new AddedFields(), BodyChunk.None, null)
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade);
        await peer.ExpectResetAsync();
    }

    [Fact]
    public async Task An_upgrade_that_was_one_of_HTTP_2_is_answered_with_101_and_the_proof()
    {
        await using var server = new TestServer(
            Transport.Epoll,
            async e =>
            {
                var head = Wire.Response("HTTP/1.1 200 OK\r\n\r\n", RequestMethod.Connect);
                head.Version = ProtocolVersion.Http2;
                head.Body = BodyKind.Chunked;
                await e.SendHeadAsync(head, new AddedFields(), BodyChunk.End, null);
                Assert.True((await e.RequestBody.ReadAsync()).IsLast);
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Handshakes.Upgrade);
        peer.EndSending();
        await peer.ExpectLastAsync(Handshakes.Agreed);
    }
}
