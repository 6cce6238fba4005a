using System.Net;
using System.Net.Sockets;
using Weft.Http.Tests.Http2;

namespace Weft.Http.Tests.Tunnels;

/// <summary>Extended CONNECT (RFC 8441) and CONNECT (RFC 9113 section 8.5), both sides in raw frames.</summary>
public sealed class Http2TunnelTests
{
    private static readonly Http2Options s_offering = Http2TestServer.Defaults with { EnableConnectProtocol = true };

    private static readonly (string, string)[] s_upgrade =
    [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", "http"),
        (":path", "/chat"),
        (":authority", "a.example"),
        ("sec-websocket-key", Handshakes.Key),
        ("sec-websocket-version", "13"),
    ];

    [Fact]
    public async Task An_extended_CONNECT_is_the_request_that_an_upgrade_is()
    {
        await using var server = new Http2TestServer(
            async e =>
            {
                Assert.Equal(("websocket", true), (Wire.Text(e.Request.Protocol), e.Request.IsTunnel));
                Assert.Equal("host: a.example\r\nsec-websocket-version: 13\r\n", Wire.Written(e.Request));
                await Handshakes.EchoAsync(e);
            },
            s_offering
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: false, s_upgrade).Data(1, endStream: false, "early").FlushAsync();
        var head = await peer.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal([(":status", "200")], peer.Decode(head));
        Assert.False(head.IsEndStream);
        Assert.Equal("early", Wire.Text((await peer.ExpectAsync(FrameType.Data, 1)).Payload));
        await peer.Data(1, endStream: true, "late").FlushAsync();
        Assert.Equal("late", (await ReadToEndAsync(peer, 1)));
        Assert.Equal(["GET /chat"], server.Requests);
    }

    [Fact]
    public async Task The_server_may_end_its_side_first_and_goes_on_listening()
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = new Http2TestServer(
            async e => heard.SetResult(await Handshakes.SpeakAndListenAsync(e)),
            s_offering
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: false, s_upgrade).FlushAsync();
        await peer.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal("bye", await ReadToEndAsync(peer, 1));
        await peer.Data(1, endStream: false, "still ").Data(1, endStream: true, "here").FlushAsync();
        Assert.Equal(
            "still here Last",
            await heard.Task.WaitAsync(
                Http2TestServer.Patience,
                TimeProvider.System,
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task A_server_that_offers_no_extended_CONNECT_resets_one()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: false, s_upgrade).FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("HTTP/1.1")]
    [InlineData("tls/1.0")]
    [InlineData("a, b")]
    [InlineData("")]
    public async Task A_protocol_that_no_tunnel_may_carry_is_answered_501(string protocol)
    {
        await using var server = new Http2TestServer(options: s_offering);
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        var fields = s_upgrade.Select(f => f.Item1 == ":protocol" ? (":protocol", protocol) : f);
        await peer.Headers(1, endStream: false, fields).FlushAsync();
        if (protocol.Length > 0)
        {
            Assert.Equal("501", (await peer.ResponseAsync(1)).Status);
            Assert.Equal([RejectReason.UnsupportedProtocol], server.Rejections);
        }
        else
        {
            await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        }

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("0", "200")]
    [InlineData("5", "400")]
    public async Task CONNECT_has_no_body_and_a_length_of_nothing_says_nothing(string length, string status)
    {
        await using var server = new Http2TestServer(async e =>
        {
            Assert.Equal((true, -1), (e.Request.IsTunnel, e.Request.Find(KnownHeader.ContentLength)));
            var head = Wire.Response("HTTP/1.1 200 OK\r\n\r\n", RequestMethod.Connect);
            await e.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null);
            await e.SendBodyAsync(await e.RequestBody.ReadAsync(), null);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: false, (":method", "CONNECT"), (":authority", "db:1"), ("content-length", length));
        await peer.Data(1, endStream: true, "hello").FlushAsync();
        var response = await peer.ResponseAsync(1);
        Assert.Equal(status, response.Status);
        if (status == "200")
        {
            Assert.Equal("hello", response.Body);
        }
    }

    [Fact]
    public async Task A_client_waits_until_the_server_has_said_that_it_takes_extended_CONNECT()
    {
        await using var test = await ClientTest.ConnectAsync();
        var exchange = test.SendAsync(Handshakes.Upgrade);
        var peer = await test.AcceptAsync((8, 1));
        Assert.True(await exchange);
        var head = await peer.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal(
            [
                (":method", "CONNECT"),
                (":scheme", "http"),
                (":path", "/chat"),
                (":authority", "a"),
                (":protocol", "websocket"),
                ("sec-websocket-version", "13"),
            ],
            peer.Decode(head)
        );
        Assert.False(head.IsEndStream);
        peer.Headers(1, endStream: false, (":status", "200"), ("sec-websocket-accept", "x"));
        await peer.Data(1, endStream: true, "hi").FlushAsync();
        Assert.Equal("Head 200 True -1 hi Last", await test.ReadAsync());
        Assert.True(await test.SendBodyAsync("bye"));
        Assert.Equal("bye", await ReadToEndAsync(peer, 1));
        await test.EndAsync(peer);
    }

    [Theory]
    [InlineData(Handshakes.Upgrade, 0)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: tcp\r\n\r\n", 1)]
    public async Task What_the_connection_cannot_carry_is_not_sent_and_said(string request, uint offered)
    {
        await using var test = await ClientTest.ConnectAsync();
        var exchange = test.SendAsync(request);
        var peer = await test.AcceptAsync((8, offered));
        Assert.False(await exchange);
        Assert.Equal("NotOffered", await test.ReadAsync());
        Assert.Equal(RejectReason.ProtocolNotOffered, test.Stream.Reason);
        await test.EndAsync(peer);
    }

    [Fact]
    public async Task A_client_that_waits_can_be_aborted()
    {
        await using var test = await ClientTest.ConnectAsync();
        var exchange = test.SendAsync(Handshakes.Upgrade);
        await test.AbortAsync();
        Assert.False(await exchange);
        Assert.Equal("Refused", await test.ReadAsync());
        await test.EndAsync(await test.AcceptAsync((8, 1)));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_like_any_other()
    {
        await using var test = await ClientTest.ConnectAsync();
        var exchange = test.SendAsync(Handshakes.Upgrade);
        var peer = await test.AcceptAsync((8, 1));
        Assert.True(await exchange);
        await peer.ExpectAsync(FrameType.Headers, 1);
        await peer.Headers(1, endStream: false, (":status", "403"), ("content-length", "2"))
            .Data(1, endStream: true, "no")
            .FlushAsync();
        Assert.Equal("Head 403 False 2 no Last", await test.ReadAsync());
        await test.EndAsync(peer);
    }

    private static async Task<string> ReadToEndAsync(RawPeer peer, int streamId)
    {
        var text = "";
        while (true)
        {
            var frame = await peer.ExpectAsync(FrameType.Data, streamId);
            text += Wire.Text(frame.Payload);
            if (frame.IsEndStream)
            {
                return text;
            }
        }
    }

    /// <summary>One exchange of a client whose server says what it likes, and when.</summary>
    private sealed class ClientTest : IAsyncDisposable
    {
        private readonly Http2TestServer _loops = new();
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private ClientRun _client = null!;

        public Http2ClientStream Stream { get; private set; } = null!;

        public static async Task<ClientTest> ConnectAsync()
        {
            var test = new ClientTest();
            test._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            test._listener.Listen();
            test._client = await test._loops.OnLoopAsync(() =>
                ClientRun.ConnectAsync(test._loops.Loop, (IPEndPoint)test._listener.LocalEndPoint!)
            );
            return test;
        }

        public Task<RawPeer> AcceptAsync(params (int, uint)[] settings) => RawPeer.AcceptAsync(_listener, settings);

        public Task<bool> SendAsync(string request)
        {
            var head = Wire.Request(request);
            HopByHop.Drop(head);
            return _loops.OnLoopAsync(async () =>
            {
                Stream = _client.Connection.TryOpenStream()!;
                return await Stream.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null);
            });
        }

        public Task<bool> SendBodyAsync(string last) =>
            _loops.OnLoopAsync(async () =>
                await Stream.SendBodyAsync(new BodyChunk(Wire.Bytes(last), BodyState.Last), null)
            );

        public Task<string> ReadAsync() =>
            _loops.OnLoopAsync(async () =>
            {
                var outcome = await Stream.ReadHeadAsync(RequestMethod.Get);
                var head = Stream.Response;
                return outcome != ResponseOutcome.Head
                    ? $"{outcome}"
                    : $"{outcome} {head.Status} {head.SwitchesProtocol} {head.ContentLength} {await Handshakes.ListenAsync(Stream.ResponseBody)}";
            });

        public Task<bool> AbortAsync() =>
            _loops.OnLoopAsync(() =>
            {
                Stream.Abort();
                return Task.FromResult(true);
            });

        public async Task EndAsync(RawPeer peer)
        {
            await _loops.OnLoopAsync(() =>
            {
                Stream.Close();
                _client.Connection.Retire();
                return Task.FromResult(true);
            });
            peer.Dispose();
            await _loops.OnLoopAsync(async () =>
            {
                await _client.Running;
                return true;
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _loops.DisposeAsync();
            _listener.Dispose();
        }
    }
}
