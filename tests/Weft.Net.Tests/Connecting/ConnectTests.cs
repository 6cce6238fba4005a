using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Connecting;

public sealed class ConnectTests
{
    [Theory]
    [BothTransports]
    public async Task What_one_side_writes_the_other_reads(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            var (there, back) = (Reading.Pattern(1000, 1), Reading.Pattern(3000, 2));
            var buffer = new byte[3000];
            Assert.True(await client.WriteAsync(there));
            await server.ReadFullAsync(buffer.AsMemory(0, 1000));
            Assert.Equal(there, buffer[..1000]);
            Assert.True(await server.WriteAsync(back));
            await client.ReadFullAsync(buffer);
            Assert.Equal(back, buffer);
            Assert.Equal((1000, 3000), (client.BytesOut, client.BytesIn));
            Assert.Equal((3000, 1000), (server.BytesOut, server.BytesIn));
        });
    }

    [Theory]
    [BothTransports]
    public async Task Both_sides_know_their_addresses(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var (client, server) = await Pair.ConnectAsync(loops);
            Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
            Assert.Equal(client.RemoteEndPoint, server.LocalEndPoint);
            Assert.Equal(IPAddress.Loopback, server.RemoteEndPoint.Address);
            Assert.Same(loop, client.Loop);
            Assert.Same(loop, server.Loop);
        });
    }

    [Theory]
    [BothTransports]
    public async Task IPv6_works_like_IPv4(Transport transport)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async _ =>
        {
            var (client, server) = await Pair.ConnectAsync(loops, new IPEndPoint(IPAddress.IPv6Loopback, 0));
            Assert.Equal(IPAddress.IPv6Loopback, server.RemoteEndPoint.Address);
            Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
            Assert.True(await client.WriteAsync("six"u8.ToArray()));
            var buffer = new byte[10];
            Assert.Equal(3, await server.ReadAsync(buffer));
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_refused_connect_says_so(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        // Bound and not listening: nobody else can have the port, and every connect is refused.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await loops.RunAsync(async loop =>
        {
            for (var i = 0; i < 50; i++)
            {
                var (connection, failure) = await loop.ConnectAsync((IPEndPoint)bound.LocalEndPoint!, 10_000);
                Assert.Null(connection);
                Assert.Contains("refused", failure, StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_connect_without_an_answer_ends_by_its_timeout(Transport transport)
    {
        using var full = await FullListener.MakeAsync();
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var start = loop.NowNanoseconds;
            var (connection, failure) = await loop.ConnectAsync(full.EndPoint, 50);
            Assert.Null(connection);
            Assert.Equal("timed out after 50 ms", failure);
            Assert.InRange((loop.NowNanoseconds - start) / 1_000_000, 45, 5_000);
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_connect_into_nowhere_tells_the_systems_reason(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            // A broadcast address takes no stream connection.
            var (connection, failure) = await loop.ConnectAsync(new IPEndPoint(IPAddress.Broadcast, 9), 1000);
            Assert.Null(connection);
            Assert.False(string.IsNullOrWhiteSpace(failure));
            Assert.DoesNotContain("timed out", failure, StringComparison.Ordinal);
        });
    }

    [Theory]
    [BothTransports]
    public async Task A_negative_timeout_is_refused(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
                await loop.ConnectAsync(TestLoops.AnyPort, -1)
            )
        );
    }

    [Theory]
    [BothTransports]
    public async Task A_connection_lives_on_past_the_timeout_of_its_connect(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var accepted = new Inbox<Connection>();
            var listener = loops.Group.Listen(TestLoops.AnyPort, accepted.Add);
            var (client, _) = await loop.ConnectAsync(listener.LocalEndPoint, 20);
            var server = await accepted.NextAsync();
            var later = new Inbox<bool>();
            loop.SetTimer(new Timers.TestTimer(() => later.Add(true)), 50);
            _ = await later.NextAsync();
            Assert.True(await client!.WriteAsync(new byte[] { 42 }));
            Assert.Equal(1, await server.ReadAsync(new byte[8]));
        });
    }
}
