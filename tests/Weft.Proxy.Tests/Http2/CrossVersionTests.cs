using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Either version of HTTP on either side: one canonical request in between.</summary>
public class CrossVersionTests
{
    private static readonly (string, string)[] s_post =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/a?b=c"),
        (":authority", "web"),
    ];

    [Fact]
    public async Task Http2_to_http1_carries_body_and_fields()
    {
        using var upstream = Upstream.Answering("answer");
        await using var mesh = new Mesh(service: "{protocol: http1}", names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client
            .Headers(
                1,
                endStream: false,
                [.. s_post, ("content-length", "8"), ("x-mine", "1"), ("cookie", "a=1"), ("cookie", "b=2")]
            )
            .Data(1, endStream: true, "question")
            .FlushAsync();
        var response = await client.ResponseAsync(1);

        Assert.Equal(("200", "answer"), (response.Status, response.Body));
        Assert.Contains(("via", "1.1 weft"), response.Fields);
        Assert.DoesNotContain(response.Fields, f => f.Name is "connection" or "transfer-encoding");
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(
            ("POST /a?b=c HTTP/1.1", "question", "web", "1", "2.0 weft", "a=1; b=2"),
            (seen.Line, seen.Body, seen["host"], seen["x-mine"], seen["via"], seen["cookie"])
        );
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Http2_to_http1_streams_a_body_of_unknown_length_and_its_trailers()
    {
        using var upstream = new Upstream(async connection =>
        {
            await connection.ReadAsync();
            // Chunks, as no length was announced.
            var body = await connection.Wire.ReadAsync("5\r\nfirst\r\n6\r\nsecond\r\n0\r\nx-sum: 11\r\n\r\n".Length);
            Assert.EndsWith("0\r\nx-sum: 11\r\n\r\n", body, StringComparison.Ordinal);
            await connection.Wire.SendAsync(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-end: yes\r\n\r\n"
            );
        });
        await using var mesh = new Mesh(service: "{protocol: http1}", names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_post).Data(1, endStream: false, "first").FlushAsync();
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1, "the head has arrived");
        await client.Data(1, endStream: false, "second").Headers(1, endStream: true, ("x-sum", "11")).FlushAsync();
        var response = await client.ResponseAsync(1);

        Assert.Equal("abc", response.Body);
        Assert.Equal([("x-end", "yes")], response.Trailers);
        Assert.Equal("chunked", Assert.Single(upstream.Requests)["transfer-encoding"]);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Http1_to_http2_carries_bodies_both_ways()
    {
        using var upstream = Http2Upstream.Answering("answer");
        await using var mesh = new Mesh(service: "{protocol: http2}", names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(
            "POST /a?b=c HTTP/1.1\r\nHost: web\r\nX-Mine: 1\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nquestion\r\n0\r\n\r\n"
        );
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((200, "answer"), (response.Status, response.Body));
        Assert.Contains(("via", "2.0 weft"), response.Fields);
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal([(":method", "POST"), (":scheme", "http"), (":path", "/a?b=c"), (":authority", "web")], seen[..4]);
        Assert.Contains(("x-mine", "1"), seen);
        Assert.Contains(("via", "1.1 weft"), seen);
        Assert.DoesNotContain(seen, f => f.Name is "transfer-encoding" or "host" or "connection");
        // The connection goes on in step.
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.Equal("answer", (await client.ReadResponseAsync())!.Body);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_namer_that_knows_the_protocol_wins_over_the_service()
    {
        using var upstream = Http2Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{protocol: http1}",
            names: n => n.Describe("web", upstream.Address, ("protocol", "http2"))
        );

        Assert.Equal(200, (await mesh.AskAsync()).Status);
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task A_reset_towards_http1_breaks_its_response_off()
    {
        var seen = new TaskCompletionSource();
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            peer.Headers(frame.StreamId, endStream: false, (":status", "200")).Data(frame.StreamId, false, "half");
            await peer.FlushAsync();
            await seen.Task;
            await peer.Reset(frame.StreamId, Http2ErrorCode.InternalError).FlushAsync();
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(service: "{protocol: http2}", names: n => n.Set("web", upstream.Address));

        using var client = await mesh.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("4\r\nhalf\r\n", await client.ReadAsync(9));
        seen.SetResult();

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
    }
}
