using System.Net.Sockets;

namespace Weft.Net.Tests.Relaying;

/// <summary>Two plain sockets with a relay between them.</summary>
public sealed class RelayTests
{
    private const int Long = 60_000;

    [Theory]
    [BothTransports]
    public async Task Bytes_go_both_ways_whole_and_the_ends_are_passed_on(Transport transport)
    {
        await using var run = await Run.StartAsync(transport, Long);
        var there = Reading.Pattern(3_000_000, seed: 1);
        var back = Reading.Pattern(2_000_000, seed: 2);
        var sending = (SendAsync(run.First.Socket, there), SendAsync(run.Second.Socket, back));

        var seen = (run.Second.ReadToEndAsync(), run.First.ReadToEndAsync());

        await sending.Item1;
        await sending.Item2;
        Assert.Equal(there, await seen.Item1);
        Assert.Equal(back, await seen.Item2);
        Assert.Equal(RelayEnd.Finished, await run.Ended);
        Assert.Equal(0, await run.LentAsync());
        Assert.True(run.Moves > 0);
    }

    [Theory]
    [BothTransports]
    public async Task After_an_end_of_one_direction_the_other_goes_on(Transport transport)
    {
        await using var run = await Run.StartAsync(transport, Long);

        run.First.Socket.Shutdown(SocketShutdown.Send);
        Assert.Empty(await run.Second.ReadToEndAsync());
        await SendAsync(run.Second.Socket, Reading.Pattern(100_000));

        Assert.Equal(Reading.Pattern(100_000), await run.First.ReadToEndAsync());
        Assert.Equal(RelayEnd.Finished, await run.Ended);
    }

    [Theory]
    [BothTransports]
    public async Task A_side_that_does_not_read_stops_the_other_and_a_quiet_relay_holds_no_buffer(Transport transport)
    {
        await using var run = await Run.StartAsync(transport, Long);
        Assert.Equal(0, await run.LentAsync());
        var bytes = Reading.Pattern(64 * 1024 * 1024);
        var sending = SendAsync(run.First.Socket, bytes);
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(await run.LentAsync(), 0, 1);
            Assert.False(sending.IsCompleted); // It is more than all kernels' buffers hold.
        }

        Assert.Equal(bytes, await run.Second.ReadToEndAsync());
        await sending;
        Assert.Equal(0, await run.LentAsync());
    }

    [Theory]
    [BothTransports]
    public async Task A_reset_of_one_side_resets_the_other(Transport transport)
    {
        await using var run = await Run.StartAsync(transport, Long);

        run.Second.Reset();

        await Assert.ThrowsAsync<SocketException>(run.First.ReadToEndAsync);
        Assert.Equal(RelayEnd.SecondBroke, await run.Ended);
        Assert.Equal(0, await run.LentAsync());
    }

    [Theory]
    [BothTransports]
    public async Task Where_nothing_moves_for_too_long_both_are_ended(Transport transport)
    {
        await using var run = await Run.StartAsync(transport, 30);

        await Assert.ThrowsAsync<SocketException>(run.First.ReadToEndAsync);
        await Assert.ThrowsAsync<SocketException>(run.Second.ReadToEndAsync);
        Assert.Equal(RelayEnd.Idle, await run.Ended);
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length; )
        {
            sent += await TestLoops.WithinPatience(socket.SendAsync(bytes.AsMemory(sent)).AsTask());
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private sealed class Run(TestLoops loops, RawPeer first, RawPeer second) : IRelayObserver, IAsyncDisposable
    {
        private readonly TaskCompletionSource<RelayEnd> _ended = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private int _moves;

        public RawPeer First => first;

        public RawPeer Second => second;

        public int Moves => Volatile.Read(ref _moves);

        public Task<RelayEnd> Ended => TestLoops.WithinPatience(_ended.Task);

        public static async Task<Run> StartAsync(Transport transport, long idle)
        {
            var loops = new TestLoops(transport);
            var run = new Run(loops, await RawPeer.ConnectAsync(loops), await RawPeer.ConnectAsync(loops));
            loops.Loop.Post(_ => _ = run.RelayAsync(idle));
            return run;
        }

        public void OnMoved() => _moves++;

        public Task<int> LentAsync() => loops.RunAsync(loop => Task.FromResult(loop.Buffers.Lent));

        public async ValueTask DisposeAsync()
        {
            first.Dispose();
            second.Dispose();
            await loops.DisposeAsync();
        }

        private async Task RelayAsync(long idle) =>
            _ended.SetResult(await new Relay(first.Connection, second.Connection, idle, this).RunAsync());
    }
}
