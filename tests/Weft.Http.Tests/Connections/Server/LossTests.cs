using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

/// <summary>What happens when the client goes away, or reads slowly, at each point of an exchange.</summary>
public sealed class LossTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_client_that_has_ended_its_side_gets_its_answers(Transport transport)
    {
        await using var server = new TestServer(transport, TestHandler.AnswerPathAsync);
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get + Get);
        peer.EndSending();
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a") + TestHandler.AnswerOf("/a"));
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_client_that_has_ended_its_side_is_not_lost_while_its_answer_is_made(Transport transport)
    {
        var watcher = new Watcher();
        var gate = new LoopSignal<bool>();
        await using var server = new TestServer(
            transport,
            async e =>
            {
                e.LossWatcher = watcher;
                await gate.Arm();
                await TestHandler.AnswerPathAsync(e);
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get);
        peer.EndSending();
        await server.Loop.UntilAsync(() => gate.IsArmed && server.Connections[0].Connection.HasArrived);
        await server.Loop.AskAsync(() =>
        {
            gate.Complete(result: true);
            return true;
        });
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a"));
        Assert.Equal(0, watcher.Lost);
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_client_that_resets_while_its_answer_is_made_is_told_of(Transport transport)
    {
        var watcher = new Watcher();
        await using var server = new TestServer(
            transport,
            async e =>
            {
                e.LossWatcher = watcher;
                Assert.True(await watcher.Signal.Arm());
                Assert.False(await e.RespondAsync(200, TestHandler.Plain, new byte[10]));
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync(Get);
        await server.Loop.UntilAsync(() => watcher.Signal.IsArmed);
        peer.Reset();
        await server.UntilClosedAsync();
        Assert.Equal(1, watcher.Lost);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /a HT")]
    [InlineData("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")]
    [InlineData("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    public async Task A_client_may_reset_at_any_point(string sent)
    {
        foreach (var transport in new[] { Transport.Epoll, Transport.Sockets })
        {
            await using var server = new TestServer(transport, TestHandler.EchoAsync);
            var peer = await server.ConnectAsync();
            await peer.SendAsync(sent);
            await server.UntilReceivedAsync(sent.Length);
            peer.Reset();
            await server.UntilClosedAsync();
        }
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_reset_ends_a_write_that_waits(Transport transport)
    {
        var body = new byte[64 * 1024];
        var sound = true;
        await using var server = new TestServer(
            transport,
            async e =>
            {
                await TestHandler.SendAsync(e, "HTTP/1.1 200 OK\r\n\r\n");
                while (sound)
                {
                    sound = await e.SendBodyAsync(new BodyChunk(body, BodyState.More), null);
                }
            }
        );
        var peer = await server.ConnectAsync(receiveBuffer: 16 * 1024);
        await peer.SendAsync(Get);
        await peer.ReadAsync(100_000);
        await StalledAsync(server);
        peer.Reset();
        await server.UntilClosedAsync();
        Assert.False(sound);
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_slow_reader_holds_its_sender_back_and_gets_everything(Transport transport)
    {
        const int pieces = 1000;
        const int size = 20_000;
        var sent = 0;
        await using var server = new TestServer(
            transport,
            async e =>
            {
                var piece = new byte[size];
                await TestHandler.SendAsync(e, $"HTTP/1.1 200 OK\r\ncontent-length: {pieces * size}\r\n\r\n");
                while (sent < pieces)
                {
                    piece.AsSpan().Fill((byte)sent);
                    sent++;
                    var state = sent == pieces ? BodyState.Last : BodyState.More;
                    Assert.True(await e.SendBodyAsync(new BodyChunk(piece, state), null));
                }
            }
        );
        var peer = await server.ConnectAsync(receiveBuffer: 16 * 1024);
        await peer.SendAsync(Get);
        await StalledAsync(server);
        Assert.InRange(sent, 1, pieces - 1);
        // What waits lies in the handler's memory: the connection holds the head it serves, and a copy of the framing.
        Assert.InRange(await server.LentAsync(), 1, 2);

        await peer.ReadHeadAsync();
        for (var i = 0; i < pieces; i++)
        {
            var piece = await peer.ReadAsync(size);
            Assert.Equal(size, piece.Length);
            Assert.Equal(-1, piece.AsSpan().IndexOfAnyExcept((byte)i));
        }
    }

    [Fact]
    public async Task An_idle_connection_holds_no_buffer()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        await server.UntilLentAsync(0);
        foreach (var size in new[] { 0, 10, 100_000 })
        {
            var body = new string('x', size);
            var sending = peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n{body}");
            await peer.ExpectAsync($"HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n{body}");
            await sending;
            await server.UntilLentAsync(0);
        }
    }

    [Fact]
    public async Task A_slow_body_costs_no_more_than_the_buffer_of_its_head()
    {
        await using var server = new TestServer(Transport.Epoll, TestHandler.EchoAsync);
        var peer = await server.ConnectAsync();
        var piece = new string('x', 50_000);
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
        await peer.ReadHeadAsync();
        for (var i = 0; i < 4; i++)
        {
            await server.UntilLentAsync(1);
            await peer.SendAsync(piece);
            await peer.ExpectAsync(piece);
        }
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task The_end_of_the_loop_ends_exchanges_that_wait(Transport transport)
    {
        var server = new TestServer(transport, TestHandler.EchoAsync);
        var reading = await server.ConnectAsync();
        await reading.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        await reading.ReadHeadAsync();
        var idle = await server.ConnectAsync();
        await idle.SendAsync("GET / HT");
        await server.Loop.UntilAsync(() => server.Connections is [_, { Connection.BytesIn: 8 }]);
        await server.Loop.DisposeAsync();
        Assert.Equal(2, server.Handler.Closed);
        Assert.Equal(0, server.Loop.Loop.Buffers.Lent);
        reading.Dispose();
        idle.Dispose();
    }

    /// <summary>Waits until the first connection has sent all that the kernel takes.</summary>
    private static async Task StalledAsync(TestServer server)
    {
        await server.Loop.UntilAsync(() => server.Connections.Count > 0);
        var connection = server.Connections[0].Connection;
        var before = -1L;
        await server.Loop.UntilAsync(() =>
        {
            var stalled = connection.BytesOut > 0 && connection.BytesOut == before;
            before = connection.BytesOut;
            return stalled;
        });
    }

    private sealed class Watcher : IClientLossWatcher
    {
        public int Lost { get; private set; }

        public LoopSignal<bool> Signal { get; } = new();

        public void OnClientLost()
        {
            Lost++;
            Signal.Complete(result: true);
        }
    }
}
