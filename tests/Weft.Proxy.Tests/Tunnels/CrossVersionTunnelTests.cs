using System.Text;
using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests.Tunnels;

/// <summary>Tunnels with HTTP/2 on either side.</summary>
public class CrossVersionTunnelTests
{
    private static readonly (string, string)[] s_upgrade =
    [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", "http"),
        (":path", "/chat"),
        (":authority", "web"),
        ("sec-websocket-version", "13"),
    ];

    [Fact]
    public async Task Http2_to_http1_is_an_upgrade_with_a_key_of_the_proxys()
    {
        using var upstream = WebSocketUpstream.Switching(WebSocketUpstream.EchoAsync);
        await using var mesh = new Mesh(service: "{protocol: http1}", names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_upgrade).Data(1, endStream: false, "early").FlushAsync();
        var head = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));
        Assert.Equal((":status", "200"), head[0]);
        Assert.Contains(("sec-websocket-protocol", "chat"), head);
        Assert.DoesNotContain(head, f => f.Name is "sec-websocket-accept" or "upgrade" or "connection");
        await client.Data(1, endStream: true, " late").FlushAsync();
        Assert.Equal("early late", await ReadToEndAsync(client, 1));

        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(("GET /chat HTTP/1.1", "websocket", "web"), (seen.Line, seen["upgrade"], seen["host"]));
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "200"), ("result", "success")));
    }

    [Theory]
    [InlineData(200, "502")]
    [InlineData(404, "404")]
    public async Task A24_an_answer_that_switches_nothing_opens_no_stream(int status, string told)
    {
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                await c.AnswerAsync("no", status);
            }
        });
        await using var mesh = new Mesh(service: "{protocol: http1}", names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        client.Headers(1, endStream: false, s_upgrade);
        await client.Data(1, endStream: false, "GET /smuggled HTTP/1.1\r\nhost: web\r\n\r\n").FlushAsync();
        Assert.Equal(told, (await client.ResponseAsync(1)).Status);
        Assert.Equal(status, (await mesh.AskAsync(path: "/after")).Status);

        Assert.Equal(["GET /chat HTTP/1.1", "GET /after HTTP/1.1"], upstream.Requests.Select(r => r.Line));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Http1_to_http2_is_an_extended_CONNECT_where_the_endpoint_takes_it()
    {
        using var upstream = new Http2Upstream(EchoAsync, (8, 1));
        await using var mesh = new Mesh(service: "{protocol: http2}", names: n => n.Set("web", upstream.Address));
        using var client = await WebSocketUpstream.OpenAsync(mesh);

        await client.SendAsync("hello");
        Assert.Equal("hello", await client.ReadAsync(5));
        client.EndSending();
        Assert.True(await client.EndsAsync());

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "101"), ("result", "success")));
    }

    [Fact]
    public async Task An_endpoint_that_takes_none_is_not_asked_and_is_no_worse_for_it()
    {
        using var upstream = Http2Upstream.Answering();
        await using var mesh = new Mesh(service: "{protocol: http2}", names: n => n.Set("web", upstream.Address));
        for (var i = 0; i < 8; i++)
        {
            using var client = await mesh.ConnectAsync();
            await client.SendAsync(WebSocketUpstream.Ask);
            var answer = (await client.ReadResponseAsync())!;
            Assert.Equal((502, "upstream-protocol", "close"), (answer.Status, answer.Error, answer["connection"]));
        }

        Assert.Empty(upstream.Requests);
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task CONNECT_over_http2_opens_a_tunnel_by_name()
    {
        using var upstream = new Upstream(c => WebSocketUpstream.EchoAsync(c.Wire));
        await using var mesh = new Mesh(names: n => n.Set("db:5432", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        client.Headers(1, endStream: false, (":method", "CONNECT"), (":authority", "db:5432"));
        await client.Data(1, endStream: false, "early").FlushAsync();
        Assert.Equal((":status", "200"), client.Decode(await client.ExpectAsync(FrameType.Headers, 1))[0]);
        await client.Data(1, endStream: true, " late").FlushAsync();
        Assert.Equal("early late", await ReadToEndAsync(client, 1));

        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(10, mesh.Count("weft_bytes_total", ("peer", "upstream"), ("protocol", "tcp"), ("dir", "out")));
    }

    [Fact]
    public async Task A_stream_that_is_reset_ends_its_tunnel_and_the_other_one_goes_on()
    {
        var ended = new TaskCompletionSource<string>();
        using var upstream = new Upstream(async c =>
        {
            var first = await c.Wire.ReadAsync(1);
            if (first == "a")
            {
                ended.SetResult(await c.Wire.ReadToEndAsync());
                return;
            }

            await c.Wire.SendAsync(first);
            await WebSocketUpstream.EchoAsync(c.Wire);
        });
        await using var mesh = new Mesh(names: n => n.Set("db:1", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        foreach (var (id, text) in ((int, string)[])[(1, "a"), (3, "b")])
        {
            client.Headers(id, endStream: false, (":method", "CONNECT"), (":authority", "db:1"));
            await client.Data(id, endStream: false, text).FlushAsync();
            await client.ExpectAsync(FrameType.Headers, id);
        }

        Assert.Equal("b", Encoding.ASCII.GetString((await client.ExpectAsync(FrameType.Data, 3)).Payload));
        await client.Reset(1).FlushAsync();
        Assert.Equal("", await ended.Task.WithinLimit());
        await client.Data(3, endStream: true, "c").FlushAsync();
        Assert.Equal("c", await ReadToEndAsync(client, 3));
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(2, mesh.Count("weft_requests_total", ("status", "200"), ("result", "success")));
    }

    private static async Task EchoAsync(RawPeer peer)
    {
        while (await peer.NextMessageAsync() is { } frame)
        {
            if (frame.Type == FrameType.Headers)
            {
                var head = peer.Decode(frame);
                Assert.Contains((":method", "CONNECT"), head);
                Assert.Contains((":protocol", "websocket"), head);
                Assert.DoesNotContain(head, f => f.Name == "sec-websocket-key");
                peer.Headers(frame.StreamId, endStream: false, (":status", "200"), ("sec-websocket-protocol", "chat"));
            }
            else if (frame.Type == FrameType.Data)
            {
                peer.Data(frame.StreamId, frame.IsEndStream, Encoding.ASCII.GetString(frame.Payload));
            }

            await peer.FlushAsync();
        }
    }

    private static async Task<string> ReadToEndAsync(RawPeer peer, int streamId)
    {
        var text = "";
        while (true)
        {
            var frame = await peer.ExpectAsync(FrameType.Data, streamId);
            text += Encoding.ASCII.GetString(frame.Payload);
            if (frame.IsEndStream)
            {
                return text;
            }
        }
    }
}
