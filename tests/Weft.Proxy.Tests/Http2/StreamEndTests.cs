using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>An end of a stream on one side is an end on the other, at once, and of nothing else.</summary>
public class StreamEndTests
{
    private static readonly (string, string)[] s_post =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "web"),
    ];

    [Theory]
    [InlineData(Http2ErrorCode.Cancel, Http2ErrorCode.Cancel)]
    [InlineData(Http2ErrorCode.EnhanceYourCalm, Http2ErrorCode.EnhanceYourCalm)]
    [InlineData(Http2ErrorCode.InternalError, Http2ErrorCode.InternalError)]
    [InlineData(Http2ErrorCode.ProtocolError, Http2ErrorCode.InternalError)]
    public async Task A_stream_that_the_endpoint_resets_before_it_answers_is_reset(
        Http2ErrorCode said,
        Http2ErrorCode passedOn
    )
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            await peer.Reset(frame.StreamId, said).FlushAsync();
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_post).FlushAsync();

        await client.ExpectResetAsync(1, passedOn);
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "upstream-reset")));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_response_that_the_endpoint_breaks_off_is_reset_after_what_came()
    {
        var seen = new TaskCompletionSource();
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            peer.Headers(frame.StreamId, endStream: false, (":status", "200")).Data(frame.StreamId, false, "half");
            await peer.FlushAsync();
            await seen.Task;
            await peer.Reset(frame.StreamId, Http2ErrorCode.Cancel).FlushAsync();
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_post).FlushAsync();

        await client.ExpectAsync(FrameType.Headers, 1);
        await client.ExpectAsync(FrameType.Data, 1);
        seen.SetResult();
        Assert.Equal(Http2ErrorCode.Cancel, (await client.SkipToAsync(FrameType.ResetStream)).ErrorCode);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_response_that_is_reset_as_it_comes_is_no_response()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            peer.Headers(frame.StreamId, endStream: false, (":status", "200")).Data(frame.StreamId, false, "half");
            await peer.Reset(frame.StreamId, Http2ErrorCode.Cancel).FlushAsync();
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_post).FlushAsync();

        Assert.Equal(Http2ErrorCode.Cancel, (await client.SkipToAsync(FrameType.ResetStream)).ErrorCode);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_caller_that_cancels_ends_its_stream_at_the_endpoint_and_no_other()
    {
        var cancelled = new TaskCompletionSource<(int, Http2ErrorCode)>();
        var arrived = new TaskCompletionSource();
        using var upstream = new Http2Upstream(async peer =>
        {
            var first = (await peer.NextMessageAsync())!;
            var second = (await peer.NextMessageAsync())!;
            arrived.SetResult();
            var reset = await peer.SkipToAsync(FrameType.ResetStream);
            cancelled.SetResult((reset.StreamId, reset.ErrorCode));
            await Http2Upstream
                .Answer(peer, first.StreamId == reset.StreamId ? second.StreamId : first.StreamId)
                .FlushAsync();
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_post).Headers(3, endStream: true, s_post).FlushAsync();
        await arrived.Task.WithinLimit();
        await client.Reset(1).FlushAsync();

        Assert.Equal((1, Http2ErrorCode.Cancel), await cancelled.Task.WithinLimit());
        Assert.Equal("200", (await client.ResponseAsync(3)).Status);
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task An_answer_before_the_body_is_whole_ends_the_upload()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            var frame = (await peer.NextMessageAsync())!;
            await Http2Upstream.Answer(peer, frame.StreamId, "enough").FlushAsync();
            await peer.SkipToAsync(FrameType.ResetStream);
            await peer.NextAsync();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_post).Data(1, endStream: false, "first").FlushAsync();

        Assert.Equal("enough", (await client.ResponseAsync(1)).Body);
        await client.ExpectResetAsync(1, Http2ErrorCode.NoError);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_lost_connection_of_the_endpoint_is_answered_502()
    {
        using var upstream = new Http2Upstream(async peer =>
        {
            _ = await peer.NextMessageAsync();
            peer.Dispose();
        });
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_post).FlushAsync();
        var response = await client.ResponseAsync(1);

        Assert.Equal("502", response.Status);
        Assert.Contains(("weft-error", "upstream-reset"), response.Fields);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }
}
