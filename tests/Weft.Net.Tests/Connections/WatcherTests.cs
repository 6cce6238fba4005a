namespace Weft.Net.Tests.Connections;

public sealed class WatcherTests
{
    [Theory]
    [BothTransports]
    public async Task The_watcher_is_told_of_bytes_and_of_the_end(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var watcher = new RecordingWatcher();
            server.Watcher = watcher;
            for (var i = 0; i < 3; i++)
            {
                Assert.True(await client.WriteAsync(new byte[7]));
                Assert.Equal("arrived", await watcher.Events.NextAsync());
                Assert.Equal(7, server.TryRead(new byte[100]));
            }

            client.Close();
            Assert.Equal("arrived", await watcher.Events.NextAsync());
            Assert.Equal(0, server.TryRead(new byte[100]));
            Assert.True(server.TryWrite(new byte[1]) == 1, "an ended peer can still be written to, for all we know");
        });
    }

    [Theory]
    [BothTransports]
    public async Task The_watcher_is_told_of_a_reset(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var watcher = new RecordingWatcher();
            server.Watcher = watcher;
            client.Abort();
            Assert.Equal("lost", await watcher.Events.NextAsync());
            Assert.True(server.HasArrived);
            Assert.Equal(Connection.Broken, server.TryRead(new byte[100]));
            Assert.Equal(0, watcher.Events.Count);
        });
    }

    [Theory]
    [BothTransports]
    public async Task Whoever_waits_is_told_instead_of_the_watcher(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var watcher = new RecordingWatcher();
            server.Watcher = watcher;
            var waiting = server.ReadableAsync().AsTask();
            Assert.True(await client.WriteAsync(new byte[7]));
            Assert.True(await waiting);
            _ = await loop.YieldAsync();
            Assert.Equal(0, watcher.Events.Count);
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_closed_connection_tells_nobody_anything(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var (watcher, other) = (new RecordingWatcher(), new RecordingWatcher());
            server.Watcher = watcher;
            client.Watcher = other;
            Assert.True(await client.WriteAsync(new byte[7]));
            server.Close(); // With bytes unread, which most likely makes it a reset.
            Assert.NotEmpty(await other.Events.NextAsync());
            Assert.Equal(0, watcher.Events.Count);
        });
    }

    [Theory]
    [BothTransports]
    public async Task HasArrived_tells_an_idle_connection_from_one_with_something_to_read(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var watcher = new RecordingWatcher();
            server.Watcher = watcher;
            Assert.False(server.HasArrived);
            foreach (var space in new[] { 100, 7 }) // Read with room to spare, and filled exactly.
            {
                Assert.True(await client.WriteAsync(new byte[7]));
                Assert.Equal("arrived", await watcher.Events.NextAsync());
                Assert.True(server.HasArrived);
                Assert.Equal(7, server.TryRead(new byte[space]));
                Assert.False(server.HasArrived, $"all was read into {space} bytes");
                Assert.Equal(Connection.WouldBlock, server.TryRead(new byte[space]));
            }

            Assert.True(await client.WriteAsync(new byte[7]));
            Assert.Equal("arrived", await watcher.Events.NextAsync());
            Assert.Equal(5, server.TryRead(new byte[5]));
            Assert.True(server.HasArrived);
            Assert.Equal(2, server.TryRead(new byte[5]));
            client.Close();
            Assert.Equal("arrived", await watcher.Events.NextAsync());
            Assert.True(server.HasArrived);
            Assert.Equal(0, server.TryRead(new byte[5]));
            Assert.True(server.HasArrived);
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_connection_in_a_pool_is_told_of_its_end_after_an_answer_that_filled_the_buffer(
        Transport transport
    )
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            Assert.True(await client.WriteAsync(new byte[64]));
            await server.ReadFullAsync(new byte[64]);
            Assert.False(server.HasArrived);
            var watcher = new RecordingWatcher();
            server.Watcher = watcher;
            client.Close();
            Assert.Equal("arrived", await watcher.Events.NextAsync());
            Assert.True(server.HasArrived);
        });
    }
}
