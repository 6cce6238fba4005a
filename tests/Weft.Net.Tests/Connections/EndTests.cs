using System.Net.Sockets;

namespace Weft.Net.Tests.Connections;

/// <summary>How connections end, and that each way looks like itself and like no other.</summary>
public sealed class EndTests
{
    [Theory]
    [BothTransports]
    public async Task Each_direction_ends_on_its_own(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var buffer = new byte[100];
            Assert.True(await client.WriteAsync("question"u8.ToArray()));
            client.ShutdownWrite();
            client.ShutdownWrite(); // Without effect.
            Assert.Equal(8, await server.ReadAsync(buffer));
            Assert.Equal(0, await server.ReadAsync(buffer));
            Assert.Equal(0, await server.ReadAsync(buffer));
            Assert.Equal(Connection.WouldBlock, client.TryRead(buffer));

            var answering = client.ReadAsync(buffer);
            Assert.False(answering.IsCompleted);
            Assert.True(await server.WriteAsync("answer"u8.ToArray()));
            Assert.Equal(6, await answering);
            server.ShutdownWrite();
            Assert.Equal(0, await client.ReadAsync(buffer));
            client.Close();
            server.Close();
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_large_answer_arrives_whole_after_the_question_was_ended(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            client.ShutdownWrite();
            Assert.Equal(0, await server.ReadAsync(new byte[10]));
            var answer = Reading.Pattern(16 * 1024 * 1024);
            async Task WriteAsync()
            {
                Assert.True(await server.WriteAsync(answer));
                server.Close();
            }

            var writing = WriteAsync();
            Assert.False(writing.IsCompleted);
            var got = new byte[answer.Length];
            await client.ReadFullAsync(got);
            Assert.Equal(0, await client.ReadAsync(new byte[10]));
            await writing;
            Assert.True(got.AsSpan().SequenceEqual(answer));
        });
    }

    [Theory]
    [BothTransports]
    public async Task Bytes_and_the_end_that_come_together_are_both_seen(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        peer.Socket.Send("last words"u8);
        peer.Socket.Dispose();
        await loops.RunAsync(async _ =>
        {
            var buffer = new byte[100];
            Assert.Equal(10, await peer.Connection.ReadAsync(buffer));
            Assert.Equal(0, await peer.Connection.ReadAsync(buffer));
            Assert.Equal(0, await peer.Connection.ReadAsync(buffer));
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_reset_is_broken_and_stays_broken(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        await loops.RunAsync(async _ =>
        {
            var buffer = new byte[100];
            var reading = peer.Connection.ReadAsync(buffer);
            Assert.False(reading.IsCompleted);
            peer.Reset();
            Assert.Equal(Connection.Broken, await reading);
            // Seen as an end, it would make a truncated message look whole.
            Assert.Equal(Connection.Broken, await peer.Connection.ReadAsync(buffer));
            Assert.Equal(Connection.Broken, peer.Connection.TryRead(buffer));
            Assert.False(await peer.Connection.WriteAsync(buffer));
            Assert.Equal(Connection.Broken, peer.Connection.TryWrite(buffer));
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_reset_that_a_write_was_told_of_is_no_end_for_the_reader(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        await loops.RunAsync(async _ =>
        {
            peer.Reset();
            var buffer = new byte[100];
            while (peer.Connection.TryWrite(buffer) >= 0) { }

            Assert.Equal(Connection.Broken, await peer.Connection.ReadAsync(buffer));
            Assert.Equal(Connection.Broken, await peer.Connection.ReadAsync(buffer));
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_reset_ends_a_suspended_write(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        await loops.RunAsync(async _ =>
        {
            var writing = peer.Connection.WriteAsync(new byte[16 * 1024 * 1024]).AsTask();
            Assert.False(writing.IsCompleted);
            peer.Reset();
            Assert.False(await writing);
        });
    }

    [Theory]
    [BothTransports]
    public async Task Close_delivers_what_was_written(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        var data = Reading.Pattern(256 * 1024);
        await loops.RunAsync(async _ =>
        {
            Assert.True(await peer.Connection.WriteAsync(data));
            peer.Connection.Close();
            peer.Connection.Close();
            peer.Connection.Abort(); // Too late to take back.
            Assert.True(peer.Connection.IsClosed);
        });
        Assert.Equal(data, await peer.ReadToEndAsync());
    }

    [Theory]
    [BothTransports]
    public async Task Close_while_somebody_waits_to_read_delivers_too(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        await loops.RunAsync(async _ =>
        {
            var waiting = peer.Connection.ReadableAsync().AsTask();
            Assert.True(await peer.Connection.WriteAsync("goodbye"u8.ToArray()));
            peer.Connection.Close();
            Assert.False(await waiting);
        });
        Assert.Equal("goodbye"u8.ToArray(), await peer.ReadToEndAsync());
    }

    [Theory]
    [BothTransports]
    public async Task Abort_sends_a_reset(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var peer = await RawPeer.ConnectAsync(loops);
        await loops.RunAsync(async _ =>
        {
            Assert.True(await peer.Connection.WriteAsync("not all of it"u8.ToArray()));
            peer.Connection.Abort();
            peer.Connection.Abort();
            peer.Connection.Close();
        });
        var error = await Assert.ThrowsAsync<SocketException>(peer.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Theory]
    [BothTransports]
    public async Task After_Close_nothing_moves_and_nothing_waits(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            Assert.True(await server.WriteAsync(new byte[] { 1 }));
            client.Close();
            Assert.Equal(Connection.Broken, client.TryRead(new byte[10]));
            Assert.Equal(Connection.Broken, client.TryWrite(new byte[10]));
            Assert.False(await client.ReadableAsync());
            Assert.False(await client.WriteAsync(new byte[10]));
            Assert.False(await client.WriteAsync(new byte[10], new byte[10]));
            client.ShutdownWrite();
        });
    }
}
