namespace Weft.Net.Tests.Connections;

/// <summary>Waits that another's Close or Abort ends.</summary>
public sealed class WaitTests
{
    [Theory]
    [BothTransports]
    public Task Close_ends_both_waits_with_false_after_its_caller(Transport transport) =>
        EndBothAsync(transport, c => c.Close());

    [Theory]
    [BothTransports]
    public Task Abort_ends_both_waits_with_false_after_its_caller(Transport transport) =>
        EndBothAsync(transport, c => c.Abort());

    [Theory]
    [BothTransports]
    public async Task A_waiter_may_close_the_connection_that_woke_it(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            for (var i = 0; i < 20; i++)
            {
                var (client, server) = await Pair.ConnectAsync(loops);
                server.Watcher = new RecordingWatcher();
                var written = server.WriteAsync(new byte[16 * 1024 * 1024]).AsTask();
                async Task CloseWhenReadableAsync()
                {
                    Assert.True(await server.ReadableAsync());
                    server.Close();
                }

                var closing = CloseWhenReadableAsync();
                client.Abort(); // The server is told of everything at once: readable, lost, write ended.
                await closing;
                Assert.False(await written);
                _ = await loop.YieldAsync();
            }
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_second_wait_for_bytes_is_refused(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var waiting = server.ReadableAsync().AsTask();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.ReadableAsync());
            Assert.True(await client.WriteAsync(new byte[] { 1 }));
            Assert.True(await waiting);
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_wait_for_bytes_can_be_ended_without_any_and_the_connection_goes_on(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            server.WakeReader(); // Nobody waits.
            var waiting = server.ReadableAsync();
            Assert.False(waiting.IsCompleted);
            server.WakeReader();
            Assert.True(await waiting);
            Assert.Equal(Connection.WouldBlock, server.TryRead(new byte[1]));

            waiting = server.ReadableAsync();
            Assert.True(await client.WriteAsync(new byte[] { 1 }));
            Assert.True(await waiting);
            Assert.Equal(1, server.TryRead(new byte[2]));
        });
    }

    private static async Task EndBothAsync(Transport transport, Action<Connection> end)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, _) = await Pair.ConnectAsync(loops);
            var insideCall = false;
            var resumedInside = false;
            async Task<bool> WatchAsync(LoopTask<bool> wait)
            {
                var result = await wait;
                resumedInside |= insideCall;
                return result;
            }

            var reading = WatchAsync(client.ReadableAsync());
            var writing = WatchAsync(client.WriteAsync(new byte[16 * 1024 * 1024]));
            Assert.False(reading.IsCompleted || writing.IsCompleted);
            insideCall = true;
            end(client);
            insideCall = false;
            Assert.False(await reading);
            Assert.False(await writing);
            Assert.False(resumedInside);
        });
    }
}
