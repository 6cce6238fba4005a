using System.Net;
using System.Net.Sockets;

namespace Weft.Http.Tests.Http2.Client;

/// <summary>The client against a server that says what it likes, in raw frames.</summary>
public sealed class ClientRulesTests : IAsyncDisposable
{
    private readonly Http2TestServer _loops = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClientRulesTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    private IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    [Theory]
    [InlineData(Http2ErrorCode.RefusedStream, ResponseOutcome.Refused)]
    [InlineData(Http2ErrorCode.InternalError, ResponseOutcome.ClosedMidway)]
    [InlineData(Http2ErrorCode.Cancel, ResponseOutcome.ClosedMidway)]
    public async Task A_reset_says_whether_the_request_may_be_sent_again(Http2ErrorCode code, ResponseOutcome outcome)
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        Assert.Equal(1, (await peer.ExpectAsync(FrameType.Headers, 1)).StreamId);
        await peer.Reset(1, code).FlushAsync();
        Assert.Equal(outcome, (await result).Outcome);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task GOAWAY_refuses_the_streams_behind_it_and_the_others_are_answered()
    {
        var (client, peer) = await ConnectAsync();
        var first = GetAsync(client);
        var second = GetAsync(client);
        await peer.ExpectAsync(FrameType.Headers, 1);
        await peer.ExpectAsync(FrameType.Headers, 3);
        await peer.GoAway(1, Http2ErrorCode.NoError).FlushAsync();
        Assert.Equal(ResponseOutcome.Refused, (await second).Outcome);
        Assert.Null(await _loops.OnLoopAsync(() => Task.FromResult(client.Connection.TryOpenStream())));
        await peer.Headers(1, endStream: true, (":status", "204")).FlushAsync();
        Assert.Equal(204, (await first).Status);
        await _loops.OnLoopAsync(async () =>
        {
            await client.Running;
            return true;
        });
        Assert.Equal(Http2EndReason.PeerGoAway, client.Connection.EndReason);
        peer.Dispose();
    }

    [Fact]
    public async Task A_connection_that_is_lost_ends_all_its_streams()
    {
        var (client, peer) = await ConnectAsync();
        var results = Enumerable.Range(0, 5).Select(_ => GetAsync(client)).ToArray();
        for (var id = 1; id < 10; id += 2)
        {
            await peer.ExpectAsync(FrameType.Headers, id);
        }

        peer.Dispose();
        foreach (var result in results)
        {
            Assert.Equal(ResponseOutcome.ClosedUnanswered, (await result).Outcome);
        }

        Assert.False(client.Connection.IsUsable);
    }

    [Fact]
    public async Task No_more_streams_are_opened_than_the_server_allows()
    {
        var (client, peer) = await ConnectAsync((3, 2));
        var first = GetAsync(client);
        var second = GetAsync(client);
        Assert.Null(await _loops.OnLoopAsync(() => Task.FromResult(client.Connection.TryOpenStream())));
        await peer.ExpectAsync(FrameType.Headers, 1);
        await peer.ExpectAsync(FrameType.Headers, 3);
        await peer.Headers(3, endStream: true, (":status", "200")).FlushAsync();
        Assert.Equal(200, (await second).Status);
        await peer.Headers(1, endStream: true, (":status", "200")).FlushAsync();
        await first;
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    public static readonly TheoryData<string> MalformedResponses = new()
    {
        "x-a=1",
        ":status=200|:status=200",
        ":status=abc",
        ":status=99",
        ":status=600",
        ":status=101",
        ":path=/|:status=200",
        "x-a=1|:status=200",
        ":status=200|X-Upper=1",
        ":status=200|connection=close",
        ":status=200|transfer-encoding=chunked",
        ":status=200|content-length=5",
        ":status=200|content-length=a",
        ":status=200|x-a=a\r\nb",
        ":status=103",
    };

    [Theory]
    [MemberData(nameof(MalformedResponses))]
    public async Task A_malformed_response_is_none_and_its_stream_is_reset(string head)
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        await peer.ExpectAsync(FrameType.Headers, 1);
        var fields = head.Split('|').Select(f => (f.Split('=')[0], f.Split('=', 2)[1])).ToArray();
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        Assert.Equal(ResponseOutcome.Malformed, (await result).Outcome);
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task A_body_shorter_than_it_said_is_broken()
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        await peer.ExpectAsync(FrameType.Headers, 1);
        peer.Headers(1, endStream: false, (":status", "200"), ("content-length", "5"));
        await peer.Data(1, endStream: true, "1234").FlushAsync();
        Assert.NotEqual("12345", (await result).Body);
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task DATA_before_the_head_is_no_response()
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        await peer.ExpectAsync(FrameType.Headers, 1);
        await peer.Data(1, endStream: false, "x").FlushAsync();
        Assert.Equal(ResponseOutcome.Malformed, (await result).Outcome);
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task Interim_responses_without_end_are_malformed()
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        await peer.ExpectAsync(FrameType.Headers, 1);
        for (var i = 0; i < 20; i++)
        {
            peer.Headers(1, endStream: false, (":status", "103"));
        }

        await peer.FlushAsync();
        Assert.Equal(ResponseOutcome.Malformed, (await result).Outcome);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task A_whole_response_counts_even_when_the_server_then_wants_no_more_of_the_request()
    {
        var (client, peer) = await ConnectAsync();
        var result = _loops.OnLoopAsync(async () =>
        {
            var stream = client.Connection.TryOpenStream()!;
            _ = await stream.SendHeadAsync(ClientRun.Head("POST", length: 10), new AddedFields(), BodyChunk.None, null);
            var read = await ClientRun.ReadAsync(stream);
            Assert.False(await stream.SendBodyAsync(new BodyChunk(new byte[10], BodyState.Last), null));
            Assert.False(stream.EndExchange());
            stream.Close();
            return read;
        });
        await peer.ExpectAsync(FrameType.Headers, 1);
        peer.Headers(1, endStream: false, (":status", "413")).Data(1, endStream: true, "too large");
        await peer.Reset(1, Http2ErrorCode.NoError).FlushAsync();
        var response = await result;
        Assert.Equal((413, "too large"), (response.Status, response.Body));
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Theory]
    [InlineData("PUSH_PROMISE")]
    [InlineData("DATA")]
    [InlineData("HEADERS")]
    public async Task Frames_on_streams_that_the_client_never_began_end_the_connection(string kind)
    {
        var type = kind switch
        {
            "DATA" => FrameType.Data,
            "HEADERS" => FrameType.Headers,
            _ => FrameType.PushPromise,
        };
        var (client, peer) = await ConnectAsync();
        await peer.Frame(type, FrameFlags.EndHeaders, 2, FieldList.Encode((":status", "200"))).FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        Assert.Equal(Http2EndReason.ProtocolError, client.Connection.EndReason);
        peer.Dispose();
    }

    [Fact]
    public async Task A_server_that_allows_pushes_is_in_error()
    {
        var (client, peer) = await ConnectAsync();
        await peer.Settings((2, 1)).FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.ProtocolError);
        Assert.Equal(Http2EndReason.ProtocolError, client.Connection.EndReason);
        peer.Dispose();
    }

    [Fact]
    public async Task A_request_says_in_pseudo_header_fields_and_small_letters_what_HTTP1_said()
    {
        var (client, peer) = await ConnectAsync();
        var result = GetAsync(client);
        var fields = peer.Decode(await peer.ExpectAsync(FrameType.Headers, 1));
        Assert.Equal(
            [
                (":method", "GET"),
                (":scheme", "http"),
                (":path", "/"),
                (":authority", "books.example"),
                ("user-agent", "test"),
            ],
            fields
        );
        await peer.Headers(1, endStream: true, (":status", "200")).FlushAsync();
        await result;
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task Another_authority_goes_out_as_the_pseudo_header_field_alone()
    {
        var (client, peer) = await ConnectAsync();
        var result = _loops.OnLoopAsync(async () =>
        {
            var stream = client.Connection.TryOpenStream()!;
            var head = ClientRun.Head();
            head.SetAuthority("books.internal"u8);
            _ = await stream.SendHeadAsync(head, new AddedFields(), BodyChunk.End, null);
            var read = await ClientRun.ReadAsync(stream);
            stream.Close();
            return read;
        });
        var fields = peer.Decode(await peer.ExpectAsync(FrameType.Headers, 1));
        Assert.Contains((":authority", "books.internal"), fields);
        Assert.DoesNotContain(fields, f => f.Item1 == "host");
        await peer.Headers(1, endStream: true, (":status", "200")).FlushAsync();
        await result;
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    [Fact]
    public async Task A_head_of_many_frames_arrives_whole()
    {
        var (client, peer) = await ConnectAsync();
        var result = _loops.OnLoopAsync(async () =>
        {
            var stream = client.Connection.TryOpenStream()!;
            var added = new AddedFields();
            for (var i = 0; i < 3; i++)
            {
                Assert.True(added.Add("x-long"u8, Enumerable.Repeat((byte)('!' + i), 9_000).ToArray()));
            }

            _ = await stream.SendHeadAsync(ClientRun.Head(), added, BodyChunk.End, null);
            var read = await ClientRun.ReadAsync(stream);
            stream.Close();
            return read;
        });
        var first = await peer.ExpectAsync(FrameType.Headers, 1);
        var block = first.Payload.ToList();
        var frame = first;
        while ((frame.Flags & FrameFlags.EndHeaders) == FrameFlags.None)
        {
            frame = await peer.NextMessageAsync();
            Assert.Equal((FrameType.Continuation, 1), (frame!.Type, frame.StreamId));
            block.AddRange(frame.Payload);
        }

        Assert.True(first.IsEndStream);
        Assert.Equal(8, peer.Decode(first with { Payload = [.. block] }).Count);
        await peer.Headers(1, endStream: true, (":status", "200")).FlushAsync();
        Assert.Equal(200, (await result).Status);
        await EndAsync(client, peer, Http2EndReason.Drained);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _loops.DisposeAsync();
    }

    private async Task<(ClientRun Client, RawPeer Peer)> ConnectAsync(params (int Id, uint Value)[] settings)
    {
        var accepting = RawPeer.AcceptAsync(_listener, settings);
        var client = await _loops.OnLoopAsync(() => ClientRun.ConnectAsync(_loops.Loop, EndPoint));
        var peer = await accepting;
        // The client has taken our SETTINGS; a round trip through its loop and all is quiet.
        await _loops.OnLoopAsync(() => Task.FromResult(true));
        return (client, peer);
    }

    private Task<ClientResult> GetAsync(ClientRun client) => _loops.OnLoopAsync(() => client.GetAsync());

    private async Task EndAsync(ClientRun client, RawPeer peer, Http2EndReason reason)
    {
        var ending = _loops.OnLoopAsync(() => client.EndAsync());
        await peer.SkipToAsync(FrameType.GoAway);
        peer.Dispose();
        Assert.Equal(reason, await ending);
    }
}
