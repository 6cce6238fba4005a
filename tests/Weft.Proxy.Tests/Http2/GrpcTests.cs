using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>gRPC calls: judged by their own status, answered in their own way, bounded by their own timeout.</summary>
public class GrpcTests
{
    private static readonly (string, string)[] s_call =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/shop.Books/Find"),
        (":authority", "web"),
        ("te", "trailers"),
        ("content-type", "application/grpc+proto"),
    ];

    [Theory]
    [InlineData(0, "ok", "success")]
    [InlineData(5, "not-found", "success")]
    [InlineData(14, "unavailable", "failure")]
    [InlineData(77, "unknown", "failure")]
    public async Task A_call_is_judged_by_the_status_in_its_trailers(int code, string word, string result)
    {
        using var upstream = Calls(
            (peer, id) =>
                peer.Headers(id, endStream: false, (":status", "200"), ("content-type", "application/grpc"))
                    .Data(id, endStream: false, "message")
                    .Headers(id, endStream: true, ("grpc-status", $"{code}"))
        );
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_call).FlushAsync();
        var response = await client.ResponseAsync(1);

        Assert.Equal([("grpc-status", $"{code}")], response.Trailers);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(
            1,
            mesh.Count("weft_requests_total", ("grpc_status", word), ("result", result), ("status", "200"))
        );
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("grpc_status", word), ("result", result)));
        Assert.Contains(("te", "trailers"), Assert.Single(upstream.Requests));
    }

    [Fact]
    public async Task An_answer_of_trailers_only_passes_as_it_is()
    {
        using var upstream = Calls(
            (peer, id) =>
                peer.Headers(id, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "7"))
        );
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_call).FlushAsync();
        var head = await client.ExpectAsync(FrameType.Headers, 1);

        Assert.True(head.IsEndStream);
        Assert.Contains(("grpc-status", "7"), client.Decode(head));
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("grpc_status", "permission-denied"), ("result", "success")));
    }

    [Fact]
    public async Task An_error_of_the_proxy_is_a_grpc_status_in_one_head()
    {
        await using var mesh = new Mesh();
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_call).FlushAsync();
        var head = await client.ExpectAsync(FrameType.Headers, 1);
        var fields = client.Decode(head);

        Assert.True(head.IsEndStream);
        Assert.Equal((":status", "200"), fields[0]);
        Assert.Contains(("content-type", "application/grpc"), fields);
        Assert.Contains(("grpc-status", "14"), fields);
        Assert.Contains(("weft-error", "no-binding"), fields);
        Assert.StartsWith(
            "no-binding: /svc/web leads nowhere",
            fields.Single(f => f.Name == "grpc-message").Value,
            StringComparison.Ordinal
        );
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "no-binding")));
        Assert.Equal(1, mesh.Count("weft_requests_total", ("grpc_status", "unavailable"), ("result", "failure")));
    }

    [Fact]
    public async Task What_is_left_of_its_time_goes_on_as_grpc_timeout()
    {
        using var upstream = Calls((peer, id) => Http2Upstream.Answer(peer, id));
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, [.. s_call, ("grpc-timeout", "30S")]).FlushAsync();
        await client.ResponseAsync(1);

        var seen = Assert.Single(upstream.Requests);
        var timeout = Assert.Single(seen, f => f.Name == "grpc-timeout").Value;
        Assert.EndsWith("m", timeout, StringComparison.Ordinal);
        Assert.InRange(int.Parse(timeout[..^1]), 1, 30_000);
        Assert.DoesNotContain(seen, f => f.Name == "weft-timeout");
    }

    [Fact]
    public async Task A_call_whose_time_is_up_is_told_deadline_exceeded()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            while (await peer.NextMessageAsync() is not null) { }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, [.. s_call, ("grpc-timeout", "20m")]).FlushAsync();
        var fields = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));

        Assert.Contains(("grpc-status", "4"), fields);
        Assert.Contains(("weft-error", "deadline"), fields);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("the call's time", "20m", "4", "deadline")]
    [InlineData("the endpoint's connection", "30S", "14", "upstream-reset")]
    public async Task An_answer_that_ends_before_its_status_is_given_one(
        string whatEnds,
        string timeout,
        string status,
        string reason
    )
    {
        var seen = new TaskCompletionSource();
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            peer.Headers(frame.StreamId, endStream: false, (":status", "200"), ("content-type", "application/grpc"));
            await peer.Data(frame.StreamId, endStream: false, "half").FlushAsync();
            await seen.Task;
            if (timeout == "20m")
            {
                await peer.SkipToAsync(FrameType.ResetStream);
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, [.. s_call, ("grpc-timeout", timeout)]).FlushAsync();
        await client.ExpectAsync(FrameType.Headers, 1);
        await client.ExpectAsync(FrameType.Data, 1);
        seen.SetResult();
        var end = await client.SkipToAsync(FrameType.Headers);

        Assert.True(end.IsEndStream, $"{whatEnds} ended: the status comes in trailers.");
        var fields = client.Decode(end);
        Assert.Contains(("grpc-status", status), fields);
        Assert.Contains(("weft-error", reason), fields);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", reason)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("123456789m")]
    [InlineData("5s")]
    public async Task A_timeout_that_is_none_is_an_invalid_argument(string timeout)
    {
        await using var mesh = new Mesh();
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, [.. s_call, ("grpc-timeout", timeout)]).FlushAsync();
        var fields = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));

        Assert.Contains(("grpc-status", "3"), fields);
    }

    [Fact]
    public async Task Messages_flow_both_ways_while_the_call_lasts()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            var head = (await peer.NextMessageAsync())!;
            await peer.Headers(head.StreamId, endStream: false, (":status", "200")).FlushAsync();
            while (await peer.NextMessageAsync() is { } frame)
            {
                if (frame.IsEndStream)
                {
                    await peer.Headers(head.StreamId, endStream: true, ("grpc-status", "0")).FlushAsync();
                    continue;
                }

                await peer.Frame(FrameType.Data, FrameFlags.None, head.StreamId, frame.Payload).FlushAsync();
            }
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_call).FlushAsync();
        await client.ExpectAsync(FrameType.Headers, 1);
        for (var i = 0; i < 5; i++)
        {
            await client.Data(1, endStream: false, $"message {i}").FlushAsync();
            var echo = await client.ExpectAsync(FrameType.Data, 1);
            Assert.Equal($"message {i}", System.Text.Encoding.ASCII.GetString(echo.Payload));
        }

        await client.Data(1, endStream: true).FlushAsync();
        var end = await client.ExpectAsync(FrameType.Headers, 1);
        Assert.Equal([("grpc-status", "0")], client.Decode(end));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    private static Http2Upstream Calls(Func<RawPeer, int, RawPeer> answer)
    {
        Http2Upstream? upstream = null;
        upstream = new Http2Upstream(async peer =>
        {
            while (await peer.NextMessageAsync() is { } frame)
            {
                upstream!.Note(peer, frame);
                if (frame.IsEndStream)
                {
                    await answer(peer, frame.StreamId).FlushAsync();
                }
            }
        });
        return upstream;
    }
}
