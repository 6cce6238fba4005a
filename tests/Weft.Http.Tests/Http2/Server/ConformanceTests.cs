using Weft.Net;

namespace Weft.Http.Tests.Http2.Server;

/// <summary>What RFC 9113 demands of a server, section by section, in raw frames.</summary>
public sealed class ConformanceTests
{
    private const FrameFlags EndHeaders = FrameFlags.EndHeaders;
    private const FrameFlags EndStream = FrameFlags.EndStream;

    /// <summary>A script that must end the connection with an error code.</summary>
    public static readonly TheoryData<string, Http2ErrorCode> ConnectionErrors = new()
    {
        { "4.1 idle: CONTINUATION", Http2ErrorCode.ProtocolError },
        { "4.2 DATA larger than the maximum", Http2ErrorCode.FrameSizeError },
        { "4.2 HEADERS larger than the maximum", Http2ErrorCode.FrameSizeError },
        { "4.3 a block that cannot be decoded", Http2ErrorCode.CompressionError },
        { "4.3 another frame in a block: PRIORITY", Http2ErrorCode.ProtocolError },
        { "4.3 another frame in a block: HEADERS of another stream", Http2ErrorCode.ProtocolError },
        { "4.3 another frame in a block: an unknown type", Http2ErrorCode.ProtocolError },
        { "5.1 idle: DATA", Http2ErrorCode.ProtocolError },
        { "5.1 idle: RST_STREAM", Http2ErrorCode.ProtocolError },
        { "5.1 idle: WINDOW_UPDATE", Http2ErrorCode.ProtocolError },
        { "5.1 closed: HEADERS", Http2ErrorCode.StreamClosed },
        { "5.1 closed: DATA", Http2ErrorCode.StreamClosed },
        { "5.1.1 an even stream", Http2ErrorCode.ProtocolError },
        { "5.1.1 a smaller stream", Http2ErrorCode.ProtocolError },
        { "6.1 DATA on stream 0", Http2ErrorCode.ProtocolError },
        { "6.1 DATA with too much padding", Http2ErrorCode.ProtocolError },
        { "6.2 HEADERS on stream 0", Http2ErrorCode.ProtocolError },
        { "6.2 HEADERS with too much padding", Http2ErrorCode.ProtocolError },
        { "6.3 PRIORITY on stream 0", Http2ErrorCode.ProtocolError },
        { "6.4 RST_STREAM on stream 0", Http2ErrorCode.ProtocolError },
        { "6.4 RST_STREAM of another length", Http2ErrorCode.FrameSizeError },
        { "6.5 SETTINGS with ACK and a payload", Http2ErrorCode.FrameSizeError },
        { "6.5 SETTINGS on a stream", Http2ErrorCode.ProtocolError },
        { "6.5 SETTINGS of another length", Http2ErrorCode.FrameSizeError },
        { "6.5.2 ENABLE_PUSH 2", Http2ErrorCode.ProtocolError },
        { "6.5.2 INITIAL_WINDOW_SIZE above the maximum", Http2ErrorCode.FlowControlError },
        { "6.5.2 MAX_FRAME_SIZE below the minimum", Http2ErrorCode.ProtocolError },
        { "6.5.2 MAX_FRAME_SIZE above the maximum", Http2ErrorCode.ProtocolError },
        { "6.7 PING on a stream", Http2ErrorCode.ProtocolError },
        { "6.7 PING of another length", Http2ErrorCode.FrameSizeError },
        { "6.8 GOAWAY on a stream", Http2ErrorCode.ProtocolError },
        { "6.9 WINDOW_UPDATE of 0", Http2ErrorCode.ProtocolError },
        { "6.9 WINDOW_UPDATE of another length", Http2ErrorCode.FrameSizeError },
        { "6.9.1 WINDOW_UPDATE above the maximum", Http2ErrorCode.FlowControlError },
        { "6.9.2 INITIAL_WINDOW_SIZE makes a window overflow", Http2ErrorCode.FlowControlError },
        { "6.10 CONTINUATION on stream 0", Http2ErrorCode.ProtocolError },
        { "6.10 CONTINUATION after the end of the block", Http2ErrorCode.ProtocolError },
        { "8.4 PUSH_PROMISE", Http2ErrorCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(ConnectionErrors))]
    public async Task Is_an_error_of_the_connection(string rule, Http2ErrorCode code)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        if (rule.Contains("closed:", StringComparison.Ordinal))
        {
            await peer.ExpectAliveAsync(1);
        }

        BrokenRules.Break(peer, rule);
        await peer.FlushAsync();
        await peer.ExpectGoAwayAsync(code);
        Assert.NotEqual(Http2EndReason.None, await server.EndAsync());
    }

    [Theory]
    [InlineData("5.1 half closed: DATA", Http2ErrorCode.StreamClosed)]
    [InlineData("5.1 half closed: HEADERS", Http2ErrorCode.StreamClosed)]
    [InlineData("5.1 reset: DATA", Http2ErrorCode.StreamClosed)]
    [InlineData("5.1 reset: HEADERS", Http2ErrorCode.StreamClosed)]
    [InlineData("5.3 HEADERS that depends on itself", Http2ErrorCode.ProtocolError)]
    [InlineData("6.3 PRIORITY of another length", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.9 WINDOW_UPDATE of 0 on a stream", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9.1 WINDOW_UPDATE above the maximum on a stream", Http2ErrorCode.FlowControlError)]
    [InlineData("8.1 trailers without END_STREAM", Http2ErrorCode.ProtocolError)]
    [InlineData("8.1 a pseudo-header field in trailers", Http2ErrorCode.ProtocolError)]
    [InlineData("8.1.1 less DATA than content-length", Http2ErrorCode.ProtocolError)]
    [InlineData("8.1.1 more DATA than content-length", Http2ErrorCode.ProtocolError)]
    public async Task Is_an_error_of_the_stream_and_the_others_go_on(string rule, Http2ErrorCode code)
    {
        await using var server = new Http2TestServer(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/wait"u8))
            {
                var lost = new LossSignal();
                exchange.LossWatcher = lost;
                await lost.Task;
                return;
            }

            await Http2TestServer.AnswerAsync(exchange);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        BrokenRules.Break(peer, rule);
        await peer.FlushAsync();
        await peer.ExpectResetAsync(1, code);
        await peer.ExpectAliveAsync(3);
    }

    [Fact]
    public async Task Sec_3_4_a_preface_that_is_none_ends_the_connection()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectRawAsync(server.EndPoint);
        await peer.Bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8).FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        Assert.Equal(Http2EndReason.BadPreface, await server.EndAsync());
    }

    [Fact]
    public async Task Sec_3_4_a_preface_in_pieces_is_one_and_settings_must_come_first()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectRawAsync(server.EndPoint);
        await peer.Bytes("PRI * HTTP/2.0\r\n\r\n"u8).FlushAsync();
        await peer.Bytes("SM\r\n\r\n"u8).Frame(FrameType.Ping, FrameFlags.None, 0, new byte[8]).FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public async Task Sec_4_1_frames_of_unknown_types_and_unknown_flags_are_ignored()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Frame((FrameType)0xF0, FrameFlags.None, 0, new byte[9]);
        peer.Frame(FrameType.Ping, (FrameFlags)0xF0, 0, new byte[8]);
        await peer.ExpectAliveAsync(1);
    }

    [Fact]
    public async Task Sec_4_2_a_frame_of_16384_bytes_is_taken()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: false, RawPeer.Post)
            .Data(1, endStream: true, new string('x', 16384))
            .FlushAsync();
        Assert.Equal("16384", (await peer.ResponseAsync(1)).Body);
    }

    [Fact]
    public async Task Sec_5_1_2_more_streams_than_allowed_are_refused()
    {
        var release = new LossSignal();
        await using var server = new Http2TestServer(
            async exchange =>
            {
                await release.Task;
                await Http2TestServer.AnswerAsync(exchange);
            },
            Http2TestServer.Defaults with
            {
                MaxConcurrentStreams = 2,
            }
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        for (var id = 1; id <= 5; id += 2)
        {
            peer.Headers(id, endStream: true, RawPeer.Get);
        }

        await peer.FlushAsync();
        await peer.ExpectResetAsync(5, Http2ErrorCode.RefusedStream);
        server.Loop.Post(_ => release.OnClientLost());
        await peer.ResponseAsync(1);
        await peer.ResponseAsync(3);
        await peer.ExpectAliveAsync(7);
    }

    [Fact]
    public async Task Sec_6_1_padding_is_taken_off_and_counts_for_the_window()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: false, RawPeer.Post);
        for (var i = 0; i < 1000; i++)
        {
            byte[] padded = [250, 1, 2, .. new byte[250]];
            peer.Frame(FrameType.Data, FrameFlags.Padded, 1, padded);
        }

        await peer.Data(1, endStream: true).FlushAsync();
        Assert.Equal("2000", (await peer.ResponseAsync(1)).Body);
    }

    [Fact]
    public async Task Sec_6_2_padding_and_priority_of_HEADERS_are_taken_off()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        byte[] payload = [2, 0, 0, 0, 0, 16, .. FieldList.Encode(RawPeer.Get), 0, 0];
        await peer.Frame(
                FrameType.Headers,
                EndHeaders | EndStream | FrameFlags.Padded | FrameFlags.Priority,
                1,
                payload
            )
            .FlushAsync();
        Assert.Equal("200", (await peer.ResponseAsync(1)).Status);
    }

    [Fact]
    public async Task Sec_6_5_settings_and_pings_are_acknowledged()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.SkipToAsync(FrameType.Settings, FrameFlags.Ack);
        byte[] opaque = [1, 2, 3, 4, 5, 6, 7, 8];
        await peer.Frame(FrameType.Ping, FrameFlags.None, 0, opaque).FlushAsync();
        Assert.Equal(opaque, (await peer.SkipToAsync(FrameType.Ping, FrameFlags.Ack)).Payload);
    }

    [Fact]
    public async Task Sec_6_9_DATA_waits_for_the_window_of_the_stream_byte_by_byte()
    {
        await using var server = new Http2TestServer(e =>
            Discard(e.RespondAsync(200, Http2TestServer.Text, "hello"u8.ToArray()))
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint, (4, 1));
        await peer.Headers(1, endStream: true, RawPeer.Get).FlushAsync();
        await peer.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal("h"u8.ToArray(), (await peer.ExpectAsync(FrameType.Data, 1)).Payload);
        await peer.WindowUpdate(1, 3).FlushAsync();
        Assert.Equal("ell"u8.ToArray(), (await peer.ExpectAsync(FrameType.Data, 1)).Payload);
        await peer.Settings((4, 2)).FlushAsync();
        var last = await peer.ExpectAsync(FrameType.Data, 1);
        Assert.Equal("o"u8.ToArray(), last.Payload);
        Assert.True(last.IsEndStream);
    }

    [Fact]
    public async Task Sec_6_9_2_a_window_that_became_negative_must_be_made_up_for()
    {
        await using var server = new Http2TestServer(e =>
            Discard(e.RespondAsync(200, Http2TestServer.Text, "hello"u8.ToArray()))
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint, (4, 3));
        await peer.Headers(1, endStream: true, RawPeer.Get).FlushAsync();
        await peer.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal(3, (await peer.ExpectAsync(FrameType.Data, 1)).Payload.Length);
        await peer.Settings((4, 2)).WindowUpdate(1, 1).WindowUpdate(1, 1).FlushAsync();
        Assert.Equal("l"u8.ToArray(), (await peer.ExpectAsync(FrameType.Data, 1)).Payload);
    }

    [Fact]
    public async Task Sec_8_1_trailers_reach_the_handler_and_leave_it()
    {
        await using var server = new Http2TestServer(async exchange =>
        {
            var chunk = await exchange.RequestBody.ReadAsync();
            while (!chunk.IsLast)
            {
                chunk = await exchange.RequestBody.ReadAsync();
            }

            var trailers = exchange.RequestBody.Trailers;
            var head = new ResponseHead { Status = 200 };
            await exchange.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null);
            await exchange.SendBodyAsync(new BodyChunk("x"u8.ToArray(), BodyState.Last), trailers);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: false, RawPeer.Post).Data(1, endStream: false, "a");
        await peer.Headers(1, endStream: true, ("grpc-status", "0"), ("x-sum", "1")).FlushAsync();
        var response = await peer.ResponseAsync(1);
        Assert.Equal("x", response.Body);
        Assert.Equal([("grpc-status", "0"), ("x-sum", "1")], response.Trailers);
    }

    [Fact]
    public async Task Extended_CONNECT_is_a_request_with_a_protocol_and_bytes_both_ways()
    {
        string? protocol = null;
        await using var server = new Http2TestServer(
            async exchange =>
            {
                protocol = System.Text.Encoding.ASCII.GetString(exchange.Request.Protocol);
                await exchange.SendHeadAsync(
                    new ResponseHead { Status = 200 },
                    new AddedFields(),
                    BodyChunk.None,
                    null
                );
                var chunk = await exchange.RequestBody.ReadAsync();
                await exchange.SendBodyAsync(new BodyChunk(chunk.Data, BodyState.Last), null);
            },
            Http2TestServer.Defaults with
            {
                EnableConnectProtocol = true,
            }
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields =
        [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            .. RawPeer.Get.Where(f => f.Item1 != ":method"),
        ];
        await peer.Headers(1, endStream: false, fields).Data(1, endStream: false, "hello").FlushAsync();
        var response = await peer.ResponseAsync(1);
        Assert.Equal(("200", "hello", "websocket"), (response.Status, response.Body, protocol));
    }

    [Fact]
    public async Task Sec_8_2_3_crumbs_become_one_cookie_and_authority_becomes_host()
    {
        string? seen = null;
        await using var server = new Http2TestServer(exchange =>
        {
            var writer = new HeadWriter(new byte[1024]);
            var buffer = new byte[1024];
            writer = new HeadWriter(buffer);
            writer.RequestLine(exchange.Request);
            writer.Fields(exchange.Request);
            writer.End();
            seen = System.Text.Encoding.ASCII.GetString(buffer.AsSpan(0, writer.Written));
            return Http2TestServer.AnswerAsync(exchange);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. RawPeer.Get, ("cookie", "a=b"), ("x-a", "1"), ("cookie", "c=d")];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        await peer.ResponseAsync(1);
        Assert.Equal("GET / HTTP/1.1\r\nhost: books.example\r\nx-a: 1\r\ncookie: a=b; c=d\r\n\r\n", seen);
    }

    [Fact]
    public async Task Sec_6_8_draining_takes_what_is_on_its_way_and_ends_with_the_last_stream()
    {
        var release = new LossSignal();
        var waits = true;
        await using var server = new Http2TestServer(
            async exchange =>
            {
                if (waits)
                {
                    waits = false;
                    await release.Task;
                }

                await Http2TestServer.AnswerAsync(exchange);
            },
            Http2TestServer.Defaults with
            {
                DrainGraceMilliseconds = 100,
            }
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: true, RawPeer.Get).FlushAsync();
        await peer.SkipToAsync(FrameType.Settings, FrameFlags.Ack);
        await server.DrainAsync();
        var first = await peer.SkipToAsync(FrameType.GoAway);
        Assert.Equal((int.MaxValue, Http2ErrorCode.NoError), (first.Number, first.ErrorCode));
        await peer.Headers(3, endStream: true, RawPeer.Get).FlushAsync();
        await peer.ResponseAsync(3);
        var second = await peer.SkipToAsync(FrameType.GoAway);
        Assert.Equal((3, Http2ErrorCode.NoError), (second.Number, second.ErrorCode));
        server.Loop.Post(_ => release.OnClientLost());
        await peer.ResponseAsync(1);
        Assert.Null(await peer.NextMessageAsync());
        Assert.Equal(Http2EndReason.Drained, await server.EndAsync());
    }

    private static async LoopTask Discard(LoopTask<bool> sending) => _ = await sending;
}
