using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Requests of many streams towards one endpoint: as few connections as will do, and none of them a reason to fail.</summary>
public class MultiplexTests
{
    private const int MaxConcurrentStreams = 3;

    private static readonly (string, string)[] s_get =
    [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "web"),
    ];

    [Fact]
    public async Task Many_streams_share_one_connection()
    {
        using var upstream = Http2Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await AskAllAsync(client, 1, 40);

        Assert.Equal(1, upstream.Accepted);
        Assert.Equal(40, mesh.Count("weft_requests_total", ("status", "200")));
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "upstream"), ("protocol", "http2")));
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "downstream"), ("protocol", "http2")));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Another_connection_is_opened_when_the_endpoint_allows_no_more_streams()
    {
        var arrived = 0;
        var all = new TaskCompletionSource();
        using var upstream = new Http2Upstream(
            async peer =>
            {
                var held = new List<int>();
                while (await peer.NextMessageAsync() is { } frame)
                {
                    held.Add(frame.StreamId);
                    var number = Interlocked.Increment(ref arrived);
                    if (number == 1)
                    {
                        await Http2Upstream.Answer(peer, held[0]).FlushAsync();
                        held.Clear();
                        continue;
                    }

                    if (number == 7)
                    {
                        all.SetResult();
                    }

                    if (held.Count == 2)
                    {
                        await all.Task;
                        held.ForEach(id => Http2Upstream.Answer(peer, id));
                        await peer.FlushAsync();
                        held.Clear();
                    }
                }
            },
            (MaxConcurrentStreams, 2)
        );
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        // The first answer comes after the endpoint has said how many streams it allows.
        await AskAllAsync(client, 1, 1);
        await AskAllAsync(client, 3, 6);

        Assert.Equal(3, upstream.Accepted);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "a body")]
    public async Task A_refused_stream_is_sent_again_whatever_it_is(string method, string body)
    {
        var refused = false;
        using var upstream = new Http2Upstream(async peer =>
        {
            while (await peer.NextMessageAsync() is { } frame)
            {
                if (!frame.IsEndStream)
                {
                    continue;
                }

                if (!refused)
                {
                    refused = true;
                    await peer.Reset(frame.StreamId, Http2ErrorCode.RefusedStream).FlushAsync();
                    continue;
                }

                await Http2Upstream.Answer(peer, frame.StreamId).FlushAsync();
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        client.Headers(1, endStream: body.Length == 0, [(":method", method), .. s_get[1..]]);
        if (body.Length > 0)
        {
            client.Data(1, endStream: true, body);
        }

        await client.FlushAsync();

        Assert.Equal("200", (await client.ResponseAsync(1)).Status);
        Assert.True(refused);
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "retry"), ("result", "success")));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_endpoint_that_says_goaway_fails_no_request()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            // Every second request is answered together with a GOAWAY that covers it; the next may be on its way already.
            for (var i = 0; await peer.NextMessageAsync() is { } frame; i++)
            {
                if (i == 1)
                {
                    await Http2Upstream
                        .Answer(peer.GoAway(frame.StreamId, Http2ErrorCode.NoError), frame.StreamId)
                        .FlushAsync();
                    return;
                }

                await Http2Upstream.Answer(peer, frame.StreamId).FlushAsync();
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        for (var stream = 1; stream < 41; stream += 2)
        {
            await AskAllAsync(client, stream, 1);
        }

        Assert.Equal(10, upstream.Accepted);
        Assert.Equal(0, mesh.Count("weft_errors_total"));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_endpoint_without_http2_is_explained()
    {
        using var upstream = new Upstream(c => c.Wire.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_get).FlushAsync();
        var response = await client.ResponseAsync(1);

        Assert.Equal("502", response.Status);
        Assert.Contains("say 'protocol: http1' in its Service", response.Body, StringComparison.Ordinal);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    private static async Task AskAllAsync(RawPeer client, int firstStream, int count)
    {
        for (var i = 0; i < count; i++)
        {
            client.Headers(firstStream + (2 * i), endStream: true, s_get);
        }

        await client.FlushAsync();
        var left = count;
        while (left > 0)
        {
            var frame = await client.NextMessageAsync();
            Assert.NotNull(frame);
            if (frame.Type == FrameType.Headers)
            {
                Assert.Equal((":status", "200"), client.Decode(frame)[0]);
            }
            else
            {
                Assert.Equal(FrameType.Data, frame.Type);
            }

            left -= frame.IsEndStream ? 1 : 0;
        }
    }
}
