using System.Security.Cryptography;

namespace Weft.Net.Tests.Connections;

public sealed class TransferTests
{
    [Theory]
    [BothTransports]
    public async Task A_slow_reader_holds_the_writer_up_and_every_byte_arrives(Transport transport)
    {
        const int chunk = 256 * 1024;
        const int chunks = 256;
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var data = Reading.Pattern(chunk);
            var accepted = 0;
            async Task<byte[]> WriteAllAsync()
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                for (; accepted < chunks; accepted++)
                {
                    data[0] = (byte)accepted;
                    hash.AppendData(data);
                    Assert.True(await client.WriteAsync(data));
                }

                client.Close();
                return hash.GetHashAndReset();
            }

            // Nobody reads: what the kernel buffers is bounded, and the writer stands still before the end.
            var writing = WriteAllAsync();
            Assert.InRange(accepted, 1, chunks - 1);
            Assert.False(writing.IsCompleted);
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();

            using var read = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = loop.Buffers.Rent(64 * 1024);
            var total = 0L;
            var mostAhead = 0L;
            while (true)
            {
                var n = await server.ReadAsync(buffer);
                if (n == 0)
                {
                    break;
                }

                Assert.True(n > 0, $"broken after {total} bytes");
                read.AppendData(buffer, 0, n);
                total += n;
                mostAhead = Math.Max(mostAhead, ((long)accepted * chunk) - total);
                _ = await loop.YieldAsync();
            }

            loop.Buffers.Return(buffer);
            Assert.Equal((long)chunk * chunks, total);
            Assert.Equal(await writing, read.GetHashAndReset());
            Assert.Equal(0, loop.Buffers.Lent);
            Assert.InRange(mostAhead, 0, 24 * 1024 * 1024);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 4 * 1024 * 1024);
        });
    }

    [Theory]
    [BothTransports]
    public async Task Two_pieces_arrive_in_order_whatever_their_sizes(Transport transport)
    {
        const int large = 12 * 1024 * 1024; // More than the kernel takes at once, so that a write suspends inside it.
        (int First, int Second)[] sizes =
        [
            (0, 0),
            (5, 0),
            (0, 5),
            (1, 1),
            (300, 70_000),
            (large, 3),
            (3, large),
            (large, large),
        ];
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            foreach (var (first, second) in sizes)
            {
                // A fresh one each time: the kernel's buffers grow with what was read.
                var (client, server) = await Pair.ConnectAsync(loops);
                var (head, body) = (Reading.Pattern(first, 1), Reading.Pattern(second, 2));
                var got = new byte[first + second];
                var writing = client.WriteAsync(head, body).AsTask();
                Assert.Equal(first + second < large, writing.IsCompleted);
                await server.ReadFullAsync(got);
                Assert.True(await writing);
                Assert.True(got.AsSpan(0, first).SequenceEqual(head), $"{first}+{second}: the first piece differs");
                Assert.True(got.AsSpan(first).SequenceEqual(body), $"{first}+{second}: the second piece differs");
                Assert.Equal(first + second, client.BytesOut);
                Assert.Equal(first + second, server.BytesIn);
            }
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_second_write_beside_a_suspended_one_is_refused_and_sends_nothing(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var data = Reading.Pattern(16 * 1024 * 1024);
            var got = new byte[data.Length];
            var writing = client.WriteAsync(data).AsTask();
            Assert.False(writing.IsCompleted);
            await server.ReadFullAsync(got.AsMemory(0, 1024 * 1024)); // There is room in the kernel again.
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.WriteAsync(new byte[] { 99 }));
            await server.ReadFullAsync(got.AsMemory(1024 * 1024));
            Assert.True(await writing);
            Assert.True(got.AsSpan().SequenceEqual(data));
            Assert.Equal(data.Length, client.BytesOut);
        });
    }

    [Theory]
    [BothTransports]
    public async Task TryWrite_takes_what_fits_and_then_would_block(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var data = Reading.Pattern(1024 * 1024);
            var taken = 0L;
            int n;
            while ((n = client.TryWrite(data)) > 0)
            {
                taken += n;
                Assert.InRange(taken, 1, 64 * 1024 * 1024);
            }

            Assert.Equal(Connection.WouldBlock, n);
            Assert.Equal(taken, client.BytesOut);
            var writing = client.WriteAsync("end"u8.ToArray()).AsTask();
            var buffer = new byte[256 * 1024];
            while (server.BytesIn < taken + 3)
            {
                Assert.True(await server.ReadAsync(buffer) > 0);
            }

            Assert.True(await writing);
        });
    }

    [Theory]
    [BothTransports]
    public async Task Many_small_exchanges_lose_no_wake_up(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var small = new byte[16]; // Often filled exactly, often not: both ways of knowing that a socket is drained.
            async Task EchoAsync()
            {
                int n;
                while ((n = await server.ReadAsync(small)) > 0)
                {
                    Assert.True(await server.WriteAsync(small.AsMemory(0, n)));
                }
            }

            var echoing = EchoAsync();
            var random = new Random(7);
            var (message, back) = (new byte[100], new byte[100]);
            for (var i = 0; i < 1000; i++)
            {
                var length = random.Next(3) == 0 ? 16 : random.Next(1, 100);
                random.NextBytes(message.AsSpan(0, length));
                Assert.True(await client.WriteAsync(message.AsMemory(0, length)));
                await client.ReadFullAsync(back.AsMemory(0, length));
                Assert.True(message.AsSpan(0, length).SequenceEqual(back.AsSpan(0, length)));
            }

            client.Close();
            await echoing;
        });
    }
}
