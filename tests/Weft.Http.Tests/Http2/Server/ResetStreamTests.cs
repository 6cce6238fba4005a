namespace Weft.Http.Tests.Http2.Server;

/// <summary>What streams that were reset leave behind: neither frames nor a place that others could have.</summary>
public sealed class ResetStreamTests
{
    [Fact]
    public async Task Sec_5_1_what_comes_late_for_a_stream_that_was_reset_long_ago_is_ignored()
    {
        const int others = 300;
        var isFirst = true;
        await using var server = new Http2TestServer(async exchange =>
        {
            if (isFirst)
            {
                isFirst = false;
                exchange.Abort();
                return;
            }

            await Http2TestServer.AnswerAsync(exchange);
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: false, RawPeer.Post).FlushAsync();
        await peer.ExpectResetAsync(1, Http2ErrorCode.InternalError);
        for (var i = 1; i <= others; i++)
        {
            await peer.Headers(1 + (2 * i), endStream: true, RawPeer.Get).FlushAsync();
            await peer.ResponseAsync(1 + (2 * i));
        }

        peer.Data(1, endStream: false, "late");
        await peer.Headers(3 + (2 * others), endStream: true, RawPeer.Get).FlushAsync();

        Assert.Equal(FrameType.Headers, (await peer.NextAsync())!.Type);
    }

    [Fact]
    public async Task Sec_5_1_2_streams_that_were_reset_make_room_at_once_and_have_a_bound()
    {
        var release = new LossSignal();
        await using var server = new Http2TestServer(
            async exchange =>
            {
                await release.Task; // Whatever becomes of the stream: what is done for it takes its time to end.
                await Http2TestServer.AnswerAsync(exchange);
            },
            Http2TestServer.Defaults with
            {
                MaxConcurrentStreams = 2,
            }
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: true, RawPeer.Get).Headers(3, endStream: true, RawPeer.Get);
        peer.Reset(1, Http2ErrorCode.Cancel).Reset(3, Http2ErrorCode.Cancel);
        peer.Headers(5, endStream: true, RawPeer.Get).Headers(7, endStream: true, RawPeer.Get);
        peer.Reset(5, Http2ErrorCode.Cancel);
        await peer.Headers(9, endStream: true, RawPeer.Get).FlushAsync();

        await peer.ExpectResetAsync(9, Http2ErrorCode.RefusedStream);
        server.Loop.Post(_ => release.OnClientLost());
        await peer.ResponseAsync(7);
        await peer.ExpectAliveAsync(11);
    }
}
