namespace Weft.Http.Tests.Http2.Server;

/// <summary>Requests that two readers could read in two ways: reset or answered, and never served.</summary>
public sealed class MalformedRequestTests
{
    private static readonly (string, string)[] s_get = RawPeer.Get;

    [Fact]
    public async Task A06_a_large_entry_that_is_named_a_thousand_times_counts_a_thousand_times()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        byte[] bomb = [.. FieldList.Encode(s_get), 0x40, 1, (byte)'x', 0x7F, 0x81, 0x17, .. new byte[3072]];
        bomb.AsSpan(bomb.Length - 3072).Fill((byte)'v');
        byte[] block = [.. bomb, .. Enumerable.Repeat((byte)0xBE, 4000)];
        await peer.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, block).FlushAsync();
        Assert.Equal("431", (await peer.ResponseAsync(1)).Status);
        Assert.Equal([RejectReason.HeadTooLarge], server.Rejections);
        await peer.ExpectAliveAsync(3);
    }

    [Fact]
    public async Task A06_cookie_crumbs_are_counted()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. s_get, .. Enumerable.Repeat(("cookie", "a=b"), 200)];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        Assert.Equal("431", (await peer.ResponseAsync(1)).Status);
        Assert.Equal([RejectReason.TooManyFields], server.Rejections);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("bf")]
    [InlineData("3fe21f82")]
    public async Task A07_what_HPACK_forbids_ends_the_connection(string block)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Frame(
                FrameType.Headers,
                FrameFlags.EndHeaders | FrameFlags.EndStream,
                1,
                Convert.FromHexString(block)
            )
            .FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.CompressionError);
        Assert.Equal(Http2EndReason.CompressionError, await server.EndAsync());
    }

    [Theory]
    [InlineData("X-Upper", "1")]
    [InlineData("x:colon", "1")]
    [InlineData("x space", "1")]
    [InlineData("x\r", "1")]
    [InlineData("x\n", "1")]
    [InlineData("x\0", "1")]
    [InlineData("", "1")]
    [InlineData("x-a", "a\rb")]
    [InlineData("x-a", "a\nb")]
    [InlineData("x-a", "a\0b")]
    [InlineData("x-a", "a\r\nx-b: c")]
    [InlineData("x-a", " a")]
    [InlineData("x-a", "a\t")]
    [InlineData("connection", "close")]
    [InlineData("keep-alive", "1")]
    [InlineData("proxy-connection", "close")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "gzip")]
    [InlineData("te", "trailers, gzip")]
    [InlineData("content-length", "x")]
    [InlineData("content-length", "+1")]
    [InlineData("content-length", "1")]
    [InlineData(":path", "/again")]
    [InlineData(":method", "GET")]
    [InlineData(":scheme", "http")]
    [InlineData(":authority", "books.example")]
    [InlineData(":unknown", "x")]
    [InlineData(":status", "200")]
    [InlineData(":protocol", "websocket")]
    public async Task A10_to_A14_a_field_that_makes_a_request_malformed_resets_its_stream(string name, string value)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. s_get, (name, value)];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        Assert.Empty(server.Requests);
        await peer.ExpectAliveAsync(3);
    }

    [Theory]
    [InlineData(":method")]
    [InlineData(":scheme")]
    [InlineData(":path")]
    public async Task A14_a_missing_pseudo_header_field_resets_the_stream(string missing)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: true, s_get.Where(f => f.Item1 != missing)).FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
    }

    [Fact]
    public async Task A14_a_pseudo_header_field_behind_an_ordinary_one_resets_the_stream()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [("x-a", "1"), .. s_get];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("/a b", 0)]
    [InlineData("/a#b", 0)]
    [InlineData("a", 400)]
    [InlineData("http://other/", 400)]
    [InlineData("*", 400)]
    public async Task A14_a_path_that_is_none_is_answered_or_reset(string path, int status)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. s_get.Where(f => f.Item1 != ":path"), (":path", path)];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        if (status == 0)
        {
            await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        }
        else
        {
            Assert.Equal($"{status}", (await peer.ResponseAsync(1)).Status);
        }

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("other.example", 400)]
    [InlineData("books.example", 200)]
    [InlineData("BOOKS.example", 200)]
    [InlineData("", 400)]
    public async Task A15_host_must_say_what_authority_says(string host, int status)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. s_get, ("host", host)];
        await peer.Headers(1, endStream: true, fields).FlushAsync();
        Assert.Equal($"{status}", (await peer.ResponseAsync(1)).Status);
    }

    [Fact]
    public async Task A15_without_authority_host_counts_and_without_both_there_is_no_request()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        var bare = s_get.Where(f => f.Item1 != ":authority").ToArray();
        await peer.Headers(1, endStream: true, [.. bare, ("host", "a.example")]).FlushAsync();
        Assert.Equal("200", (await peer.ResponseAsync(1)).Status);
        await peer.Headers(3, endStream: true, bare).FlushAsync();
        Assert.Equal("400", (await peer.ResponseAsync(3)).Status);
        await peer.Headers(5, endStream: true, [.. bare, ("host", "a"), ("host", "b")]).FlushAsync();
        Assert.Equal("400", (await peer.ResponseAsync(5)).Status);
    }

    [Fact]
    public async Task A12_a_body_that_breaks_its_length_is_never_taken_for_whole()
    {
        var states = new List<BodyState>();
        await using var server = new Http2TestServer(async exchange =>
        {
            if (exchange.RequestBody.IsComplete)
            {
                await Http2TestServer.AnswerAsync(exchange);
                return;
            }

            BodyChunk chunk;
            do
            {
                chunk = await exchange.RequestBody.ReadAsync();
                lock (states)
                {
                    states.Add(chunk.State);
                }
            } while (chunk.State == BodyState.More);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        (string, string)[] fields = [.. RawPeer.Post, ("content-length", "10")];
        await peer.Headers(1, endStream: false, fields)
            .Frame(FrameType.Ping, FrameFlags.None, 0, new byte[8])
            .FlushAsync();
        await peer.SkipToAsync(FrameType.Ping, FrameFlags.Ack);
        await peer.Data(1, endStream: true, "123456789").FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.ProtocolError);
        await peer.ExpectAliveAsync(3);
        lock (states)
        {
            Assert.DoesNotContain(BodyState.Last, states);
            Assert.Contains(BodyState.Malformed, states);
        }
    }

    [Fact]
    public async Task A24_DATA_behind_a_CONNECT_belongs_to_its_stream_alone()
    {
        await using var server = new Http2TestServer(async e =>
            _ = await e.RespondAsync(405, Http2TestServer.Text, "no"u8.ToArray())
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: false, (":method", "CONNECT"), (":authority", "db.example:5432"));
        await peer.Data(1, endStream: false, "GET /evil HTTP/1.1\r\n\r\n").FlushAsync();
        Assert.Equal("405", (await peer.ResponseAsync(1)).Status);
        await peer.ExpectResetAsync(1, Http2ErrorCode.NoError);
        Assert.Equal(["CONNECT "], server.Requests);
    }
}
