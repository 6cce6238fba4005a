using System.Globalization;
using Weft.Net;

namespace Weft.Http.Tests.Connections;

public sealed class MessageWriterTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\n";

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 20)]
    [InlineData(true, 8193)]
    [InlineData(false, 20)]
    [InlineData(false, 8193)]
    public async Task A_message_is_whole_wherever_the_kernel_stops_taking_it(bool chunked, int size)
    {
        var body = new string('b', size);
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}";
        var expected = chunked
            ? $"{Head}transfer-encoding: chunked\r\n\r\n{(size == 0 ? "" : $"{size.ToString("x", CultureInfo.InvariantCulture)}\r\n{body}\r\n")}0\r\n\r\n"
            : $"{Head}Content-Length: {size}\r\n\r\n{body}";
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            for (var cut = 0; cut < expected.Length; cut += cut is > 100 and < 8000 ? 1000 : 1)
            {
                var connection = new ScriptedConnection(loop) { Room = cut };
                var client = new Http1ClientConnection(connection, HeadLimits.Default);
                var head = Wire.Request($"{Head}{framing}\r\n\r\n");
                HopByHop.Drop(head);
                var chunk = new BodyChunk(Wire.Bytes(body), BodyState.Last);
                var sending = client.SendHeadAsync(head, new AddedFields(), chunk, null);
                Assert.False(sending.IsCompleted);
                // Whoever runs next on the loop may use the scratch memory.
                loop.Scratch.AsSpan().Fill((byte)'!');
                connection.Drain();
                Assert.True(await sending);
                Assert.Equal(expected, connection.Sent);
                client.Close();
                Assert.Equal(0, loop.Buffers.Lent);
            }
        });
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 8192)]
    [InlineData(true, 60_000)]
    [InlineData(false, 8192)]
    [InlineData(false, 60_000)]
    public async Task Head_and_body_leave_in_one_write(bool chunked, int size)
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop);
            var client = new Http1ClientConnection(connection, HeadLimits.Default);
            var head = Wire.Request(
                $"{Head}{(chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}")}\r\n\r\n"
            );
            HopByHop.Drop(head);
            var chunk = new BodyChunk(new byte[size], BodyState.Last);
            Assert.True(await client.SendHeadAsync(head, new AddedFields(), chunk, null));
            Assert.Equal(1, connection.Writes);
        });
    }

    [Fact]
    public async Task A_write_that_waits_ends_with_its_connection_and_gives_its_memory_back()
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop) { Room = 10 };
            var client = new Http1ClientConnection(connection, HeadLimits.Default);
            var sending = client.SendHeadAsync(Wire.Request($"{Head}\r\n"), new AddedFields(), BodyChunk.End, null);
            client.Abort();
            Assert.False(await sending);
            client.Close();
            Assert.Equal(0, loop.Buffers.Lent);
        });
    }
}
