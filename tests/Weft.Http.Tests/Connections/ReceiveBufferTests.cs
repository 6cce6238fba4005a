using Weft.Net;

namespace Weft.Http.Tests.Connections;

public sealed class ReceiveBufferTests
{
    [Fact]
    public async Task A_fill_asks_the_kernel_once_per_piece_that_was_awaited()
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop);
            var buffer = new ReceiveBuffer(connection);
            for (var i = 1; i <= 10; i++)
            {
                var fill = buffer.FillAsync();
                Assert.False(fill.IsCompleted);
                Assert.Equal(0, loop.Buffers.Lent);
                var probes = connection.Probes;
                var reads = connection.Reads;
                connection.Receive("hello");
                Assert.Equal(5, await fill);
                Assert.Equal((1, 0), (connection.Reads - reads, connection.Probes - probes));
                Assert.Equal("hello", Wire.Text(buffer.Take(5).Span));
            }

            buffer.Clear();
            Assert.Equal(0, loop.Buffers.Lent);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8 * 1024)]
    [InlineData(20_000)]
    public async Task What_was_read_before_comes_first(int length)
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop);
            var buffer = new ReceiveBuffer(connection);
            buffer.Unread(Wire.Bytes(new string('a', length)));
            connection.Receive("bc");
            Assert.Equal(2, buffer.TryFillHead(64 * 1024));
            Assert.Equal(new string('a', length) + "bc", Wire.Text(buffer.Take(length + 2).Span));
            buffer.Clear();
            Assert.Equal(0, loop.Buffers.Lent);
        });
    }

    [Fact]
    public async Task Fills_that_never_wait_let_the_others_on_the_loop_have_their_turn()
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop);
            var buffer = new ReceiveBuffer(connection);
            var yields = 0;
            for (var i = 0; i < 160; i++)
            {
                connection.Receive("x");
                var fill = buffer.FillAsync();
                yields += fill.IsCompleted ? 0 : 1;
                Assert.Equal(1, await fill);
                buffer.Consume(1);
            }

            Assert.Equal(9, yields); // Before the 17th, the 33rd and so on.
            buffer.Clear();
        });
    }

    [Fact]
    public async Task What_is_retained_stays_while_more_is_received_and_is_given_back_on_release()
    {
        await using var test = new TestLoop(Transport.Epoll);
        await test.RunAsync(async loop =>
        {
            var connection = new ScriptedConnection(loop);
            var buffer = new ReceiveBuffer(connection);
            connection.Receive("head");
            await buffer.FillAsync();
            var head = buffer.Take(4);
            buffer.Retain();
            for (var i = 0; i < 50; i++)
            {
                connection.Receive(new string((char)('a' + (i % 26)), 1500));
                Assert.Equal(1500, await buffer.FillAsync(large: i % 7 == 0));
                Assert.Equal(-1, buffer.Take(1500).Span.IndexOfAnyExcept((byte)('a' + (i % 26))));
                Assert.Equal("head", Wire.Text(head.Span));
            }

            Assert.Equal(2, loop.Buffers.Lent);
            buffer.Release();
            Assert.Equal(1, loop.Buffers.Lent);
            buffer.Clear();
            Assert.Equal(0, loop.Buffers.Lent);
        });
    }
}
