using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Looping;

public sealed class StopTests
{
    [Theory]
    [BothTransports]
    public async Task Stopping_aborts_the_connections_and_ends_their_waits(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        var connection = peer.Connection;
        var reading = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cleanedUp = false;
        async Task ReadOnAsync()
        {
            var more = await connection.ReadableAsync();
            cleanedUp = await loops.Loop.YieldAsync(); // Even what needs another turn is finished.
            reading.SetResult(more);
        }

        loops.Loop.Post(_ => _ = ReadOnAsync());
        await loops.RunAsync(_ => Task.CompletedTask);
        await TestLoops.WithinPatience(loops.Group.StopAsync());
        Assert.False(await TestLoops.WithinPatience(reading.Task));
        Assert.True(cleanedUp);
        Assert.True(connection.IsClosed);
        var error = await Assert.ThrowsAsync<SocketException>(peer.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Theory]
    [BothTransports]
    public async Task Stopping_fails_the_connects_that_are_under_way_and_those_begun_then(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var full = await FullListener.MakeAsync();
        var outcomes = new TaskCompletionSource<(string?, string?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task ConnectTwiceAsync()
        {
            var first = await loops.Loop.ConnectAsync(full.EndPoint, 60_000);
            var second = await loops.Loop.ConnectAsync(full.EndPoint, 60_000);
            outcomes.SetResult((first.Failure, second.Failure));
        }

        loops.Loop.Post(_ => _ = ConnectTwiceAsync());
        await loops.RunAsync(_ => Task.CompletedTask);
        await TestLoops.WithinPatience(loops.Group.StopAsync());
        var (under, after) = await TestLoops.WithinPatience(outcomes.Task);
        Assert.Contains("loop ended", under, StringComparison.Ordinal);
        Assert.Contains("loop ended", after, StringComparison.Ordinal);
    }

    [Theory]
    [BothTransports]
    public async Task Stopping_closes_the_listeners(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var listener = loops.Group.Listen(TestLoops.AnyPort, c => c.Close());
        await loops.RunAsync(_ => Task.CompletedTask);
        await TestLoops.WithinPatience(loops.Group.StopAsync());
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var error = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(listener.LocalEndPoint));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        await TestLoops.WithinPatience(listener.CloseAsync()); // Nothing is left to do, and it says so.
    }

    [Theory]
    [BothTransports]
    public async Task What_was_posted_before_runs_and_what_comes_after_is_told_so(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(loops.Loop.TryPost(_ => ran++));
        }

        await TestLoops.WithinPatience(loops.Group.StopAsync());
        Assert.Equal(100, ran);
        Assert.False(loops.Loop.TryPost(_ => ran++));
        loops.Loop.Post(_ => ran++);
        await TestLoops.WithinPatience(loops.Group.StopAsync());
        Assert.Equal(100, ran);
        Assert.True(loops.Loop.Ended.IsCompletedSuccessfully);
    }

    [Theory]
    [BothTransports]
    public async Task Every_post_that_was_taken_runs_however_close_to_the_end(Transport transport)
    {
        for (var round = 0; round < 30; round++)
        {
            await using var loops = new TestLoops(transport);
            var (taken, ran) = (0, 0);
            var posting = Task.Run(() =>
            {
                while (loops.Loop.TryPost(_ => ran++))
                {
                    taken++;
                }
            });
            await TestLoops.WithinPatience(loops.Group.StopAsync());
            await TestLoops.WithinPatience(posting);
            Assert.Equal(taken, ran);
        }
    }

    [Fact]
    public void A_group_has_at_least_one_loop() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopGroup(0, TimeProvider.System, _ => { }));
}
