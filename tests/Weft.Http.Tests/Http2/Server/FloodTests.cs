namespace Weft.Http.Tests.Http2.Server;

/// <summary>Too much of anything: each flood ends in a closed connection with a reason, and never in more.</summary>
public sealed class FloodTests
{
    private static readonly (string, string)[] s_get = RawPeer.Get;

    [Fact]
    public async Task A01_rapid_reset_ends_the_connection_and_bounds_what_is_under_way()
    {
        var most = 0;
        var now = 0;
        await using var server = new Http2TestServer(async exchange =>
        {
            most = Math.Max(most, ++now);
            var lost = new LossSignal();
            exchange.LossWatcher = lost;
            await lost.Task;
            now--;
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        for (var i = 0; i < 10_000; i++)
        {
            peer.Headers((2 * i) + 1, endStream: true, s_get).Reset((2 * i) + 1);
        }

        await peer.FlushAsync();
        await peer.SkipToAsync(FrameType.GoAway);
        Assert.True(await server.EndAsync() is Http2EndReason.ResetFlood or Http2EndReason.FrameFlood);
        Assert.InRange(most, 0, 128);
        Assert.Equal(0, now);
    }

    [Fact]
    public async Task A01_resets_that_follow_each_request_a_little_later_end_the_connection()
    {
        await using var server = new Http2TestServer(async exchange =>
        {
            var lost = new LossSignal();
            exchange.LossWatcher = lost;
            await lost.Task;
        });
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        RawFrame? answer;
        var id = 1;
        do
        {
            await peer.Headers(id, endStream: true, s_get)
                .Frame(FrameType.Ping, FrameFlags.None, 0, new byte[8])
                .FlushAsync();
            do
            {
                answer = await peer.NextAsync();
            } while (answer is { Type: FrameType.Settings or FrameType.WindowUpdate });

            await peer.Reset(id).FlushAsync();
            id += 2;
        } while (answer is { Type: FrameType.Ping });

        Assert.Equal(Http2EndReason.ResetFlood, await server.EndAsync());
        Assert.InRange(id, 2 * FloodGuard.ResetSample, (2 * FloodGuard.ResetSample) + 10);
    }

    [Fact]
    public async Task A02_a_head_without_end_ends_the_connection_at_the_heads_bound()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Frame(FrameType.Headers, FrameFlags.EndStream, 1, FieldList.Encode(s_get));
        for (var i = 0; i < 60; i++)
        {
            peer.Frame(
                FrameType.Continuation,
                FrameFlags.None,
                1,
                FieldList.Encode(($"x-{i}", new string('x', 10_000)))
            );
        }

        await peer.FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
        Assert.Equal(Http2EndReason.ContinuationFlood, await server.EndAsync());
    }

    [Fact]
    public async Task A02_empty_continuations_end_the_connection()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Frame(FrameType.Headers, FrameFlags.EndStream, 1, FieldList.Encode(s_get));
        for (var i = 0; i < 1000; i++)
        {
            peer.Frame(FrameType.Continuation, FrameFlags.None, 1, []);
        }

        await peer.FlushAsync();
        await peer.ExpectGoAwayAsync(Http2ErrorCode.EnhanceYourCalm);
        Assert.Equal(Http2EndReason.ContinuationFlood, await server.EndAsync());
    }

    [Fact]
    public async Task A02_a_head_that_stops_coming_ends_the_connection()
    {
        var options = Http2TestServer.Defaults with { HeadMilliseconds = 50 };
        await using var server = new Http2TestServer(options: options);
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Frame(FrameType.Headers, FrameFlags.EndStream, 1, FieldList.Encode(s_get)).FlushAsync();
        await peer.SkipToAsync(FrameType.GoAway);
        Assert.Equal(Http2EndReason.HeadersTimeout, await server.EndAsync());
    }

    [Theory]
    [InlineData("SETTINGS")]
    [InlineData("PING")]
    [InlineData("WINDOW_UPDATE")]
    [InlineData("empty DATA")]
    [InlineData("PRIORITY")]
    [InlineData("unknown frames")]
    public async Task A03_A04_a_flood_of_useless_frames_ends_the_connection(string kind)
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        peer.Headers(1, endStream: false, RawPeer.Post);
        for (var i = 0; i < 5000; i++)
        {
            _ = kind switch
            {
                "SETTINGS" => peer.Settings((3, 100)),
                "PING" => peer.Frame(FrameType.Ping, FrameFlags.None, 0, new byte[8]),
                "WINDOW_UPDATE" => peer.WindowUpdate(0, 1),
                "empty DATA" => peer.Data(1, endStream: false),
                "PRIORITY" => peer.Frame(FrameType.Priority, FrameFlags.None, 3, new byte[5]),
                _ => peer.Frame((FrameType)0xEE, FrameFlags.None, 0, []),
            };
        }

        await peer.FlushAsync();
        await peer.SkipToAsync(FrameType.GoAway);
        Assert.True(await server.EndAsync() is Http2EndReason.FrameFlood or Http2EndReason.ControlQueueFull);
    }

    [Fact]
    public async Task A05_a_window_that_stays_shut_ends_its_stream_and_what_waits_is_the_applications()
    {
        var options = Http2TestServer.Defaults with { SendMilliseconds = 100 };
        await using var server = new Http2TestServer(
            async e => _ = await e.RespondAsync(200, Http2TestServer.Text, new byte[100_000]),
            options
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint, (4, 1));
        for (var id = 1; id < 20; id += 2)
        {
            peer.Headers(id, endStream: true, s_get);
        }

        await peer.FlushAsync();
        for (var i = 0; i < 10; i++)
        {
            var reset = await peer.SkipToAsync(FrameType.ResetStream);
            Assert.Equal(Http2ErrorCode.FlowControlError, reset.ErrorCode);
        }
    }

    [Fact]
    public async Task A05_a_connection_that_is_not_read_ends()
    {
        var options = Http2TestServer.Defaults with { SendMilliseconds = 200 };
        await using var server = new Http2TestServer(
            async e => _ = await e.RespondAsync(200, Http2TestServer.Text, new byte[64 * 1024 * 1024]),
            options
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint, (4, int.MaxValue));
        await peer.WindowUpdate(0, int.MaxValue - 65_535).Headers(1, endStream: true, s_get).FlushAsync();
        Assert.Equal(Http2EndReason.SendTimeout, await server.EndAsync());
    }

    [Fact]
    public async Task Malformed_requests_without_end_end_the_connection()
    {
        await using var server = new Http2TestServer();
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        for (var id = 1; id < 5000; id += 2)
        {
            peer.Headers(id, endStream: true, ("a", "b"));
        }

        await peer.FlushAsync();
        await peer.SkipToAsync(FrameType.GoAway);
        Assert.True(await server.EndAsync() is Http2EndReason.FrameFlood or Http2EndReason.ControlQueueFull);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Idle_connections_end_and_settings_must_be_acknowledged()
    {
        var options = Http2TestServer.Defaults with { IdleMilliseconds = 50, SettingsMilliseconds = 10_000 };
        await using (var server = new Http2TestServer(options: options))
        {
            using var peer = await RawPeer.ConnectAsync(server.EndPoint);
            await peer.SkipToAsync(FrameType.GoAway);
            Assert.Equal(Http2EndReason.Idle, await server.EndAsync());
        }

        options = Http2TestServer.Defaults with { SettingsMilliseconds = 50 };
        await using (var server = new Http2TestServer(options: options))
        {
            using var peer = await RawPeer.ConnectRawAsync(server.EndPoint);
            await peer.Bytes(Http2ServerConnection.PriorKnowledge).Settings().FlushAsync();
            await peer.ExpectGoAwayAsync(Http2ErrorCode.SettingsTimeout);
            Assert.Equal(Http2EndReason.SettingsTimeout, await server.EndAsync());
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_while_it_has_streams_is_given_up()
    {
        var options = Http2TestServer.Defaults with { PingMilliseconds = 50, PingTimeoutMilliseconds = 50 };
        await using var server = new Http2TestServer(
            async exchange =>
            {
                var lost = new LossSignal();
                exchange.LossWatcher = lost;
                await lost.Task;
            },
            options
        );
        using var peer = await RawPeer.ConnectAsync(server.EndPoint);
        await peer.Headers(1, endStream: true, s_get).FlushAsync();
        await peer.SkipToAsync(FrameType.Ping);
        Assert.Equal(Http2EndReason.PingTimeout, await server.EndAsync());
    }

    [Fact]
    public async Task Random_frames_never_do_more_than_end_the_connection()
    {
        await using var server = new Http2TestServer();
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            using var peer = await RawPeer.ConnectAsync(server.EndPoint);
            for (var i = 0; i < 30; i++)
            {
                var payload = new byte[random.Next(40)];
                random.NextBytes(payload);
                if (random.Next(3) == 0)
                {
                    payload = FieldList.Encode(s_get);
                }

                peer.Frame((FrameType)random.Next(11), (FrameFlags)random.Next(64), random.Next(6), payload);
            }

            await peer.FlushAsync();
            peer.Shutdown();
            while (await peer.NextAsync() is not null) { }
            Assert.NotEqual(Http2EndReason.None, await server.EndAsync());
        }
    }
}
