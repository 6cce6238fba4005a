using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Listening;

public sealed class ListenTests
{
    [Theory]
    [BothTransports]
    public async Task An_occupied_port_is_refused_with_the_address_and_what_to_do(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen(1);
        var address = (IPEndPoint)other.LocalEndPoint!;
        var error = Assert.Throws<ListenException>(() => loops.Group.Listen(address, c => c.Close()));
        Assert.Equal(address, error.EndPoint);
        Assert.StartsWith(
            $"cannot listen on {address}: Address already in use; ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("stop the program", error.Message, StringComparison.Ordinal);
        Assert.Contains("another port", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [BothTransports]
    public async Task Two_groups_cannot_share_a_port(Transport transport)
    {
        await using var first = new TestLoops(transport, count: 2);
        await using var second = new TestLoops(transport, count: 2);
        var listener = first.Group.Listen(TestLoops.AnyPort, c => c.Close());
        Assert.Throws<ListenException>(() => second.Group.Listen(listener.LocalEndPoint, c => c.Close()));
        Assert.Throws<ListenException>(() => first.Group.Listen(listener.LocalEndPoint, c => c.Close()));
        var wildcard = new IPEndPoint(IPAddress.Any, listener.LocalEndPoint.Port);
        Assert.Throws<ListenException>(() => second.Group.Listen(wildcard, c => c.Close()));
    }

    [Theory]
    [BothTransports]
    public async Task Of_two_groups_that_start_at_once_no_two_get_the_port(Transport transport)
    {
        await using var first = new TestLoops(transport, count: 2);
        await using var second = new TestLoops(transport, count: 2);
        var address = FreePort();
        using var start = new Barrier(2);
        Listener? TryListen(TestLoops loops)
        {
            start.SignalAndWait(TestLoops.Patience);
            try
            {
                return loops.Group.Listen(address, c => c.Close());
            }
            catch (ListenException)
            {
                return null;
            }
        }

        for (var round = 0; round < 50; round++)
        {
            var attempts = new[] { first, second }.Select(g => Task.Run(() => TryListen(g)));
            var listeners = await TestLoops.WithinPatience(Task.WhenAll(attempts));
            Assert.InRange(listeners.Count(l => l is not null), 0, 1);
            foreach (var listener in listeners)
            {
                await (listener?.CloseAsync() ?? Task.CompletedTask);
            }
        }
    }

    [Theory]
    [BothTransports]
    public async Task An_address_of_another_machine_is_refused(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var elsewhere = new IPEndPoint(IPAddress.Parse("203.0.113.1"), 0);
        var error = Assert.Throws<ListenException>(() => loops.Group.Listen(elsewhere, c => c.Close()));
        Assert.Contains("203.0.113.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("address that this machine has", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [BothTransports]
    public async Task Every_loop_gets_connections_and_keeps_them(Transport transport)
    {
        await using var loops = new TestLoops(transport, count: 2);
        var accepted = new ConcurrentQueue<(int Owner, bool OnOwner)>();
        var all = new CountdownEvent(64);
        var listener = loops.Group.Listen(
            TestLoops.AnyPort,
            c =>
            {
                accepted.Enqueue((c.Loop.Index, c.Loop.IsCurrent));
                all.Signal();
            }
        );
        var clients = new List<Socket>();
        for (var i = 0; i < 64; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            clients.Add(client);
            await client.ConnectAsync(listener.LocalEndPoint);
        }

        Assert.True(all.Wait(TestLoops.Patience));
        Assert.All(accepted, a => Assert.True(a.OnOwner));
        Assert.Equal([0, 1], accepted.Select(a => a.Owner).Distinct().Order());
        clients.ForEach(c => c.Dispose());
    }

    [Theory]
    [BothTransports]
    public async Task Behind_a_wildcard_address_a_connection_knows_the_one_it_came_to(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        foreach (var any in Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : new[] { IPAddress.Any })
        {
            await loops.RunAsync(async loop =>
            {
                var accepted = new Inbox<Connection>();
                var listener = loops.Group.Listen(new IPEndPoint(any, 0), accepted.Add);
                Assert.Equal(any, listener.LocalEndPoint.Address);
                var address = new IPEndPoint(IPAddress.Parse("127.0.0.2"), listener.LocalEndPoint.Port);
                var (client, failure) = await loop.ConnectAsync(address, 10_000);
                Assert.Null(failure);
                var server = await accepted.NextAsync();
                Assert.Equal(address, server.LocalEndPoint);
                Assert.Equal(client!.LocalEndPoint, server.RemoteEndPoint);
            });
        }
    }

    [Theory]
    [BothTransports]
    public async Task A_handler_that_throws_costs_its_own_connection_and_no_other(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var handled = new ConcurrentQueue<Connection>();
        var left = new CountdownEvent(10);
        var number = 0;
        void Handle(Connection connection)
        {
            try
            {
                handled.Enqueue(connection);
                if (number++ % 2 == 0)
                {
                    throw new FormatException("thrown on purpose");
                }
            }
            finally
            {
                left.Signal();
            }
        }

        using var gate = new ManualResetEventSlim();
        var listener = loops.Group.Listen(TestLoops.AnyPort, Handle);
        // All of them queue up behind a loop that is busy, so that one event announces them together.
        loops.Loop.Post(_ => gate.Wait(TestLoops.Patience));
        var clients = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            clients.Add(client);
            await client.ConnectAsync(listener.LocalEndPoint);
        }

        gate.Set();
        Assert.True(left.Wait(TestLoops.Patience));
        await loops.RunAsync(_ => Task.CompletedTask);
        Assert.Equal(
            [true, false, true, false, true, false, true, false, true, false],
            handled.Select(c => c.IsClosed)
        );
        Assert.Equal(5, loops.Unhandled.Count(e => e is FormatException));
        loops.Unhandled.Clear();
        clients.ForEach(c => c.Dispose());
    }

    [Theory]
    [BothTransports]
    public async Task Close_hands_over_what_is_queued_and_frees_the_address(Transport transport)
    {
        await using var loops = new TestLoops(transport, count: 2);
        var accepted = new ConcurrentQueue<Connection>();
        void Greet(Connection connection)
        {
            accepted.Enqueue(connection);
            Assert.Equal(2, connection.TryWrite("hi"u8));
        }

        using var gate = new ManualResetEventSlim();
        var listener = loops.Group.Listen(TestLoops.AnyPort, Greet);
        foreach (var loop in loops.Group.Loops)
        {
            loop.Post(_ => gate.Wait(TestLoops.Patience));
        }

        var clients = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            clients.Add(client);
            await client.ConnectAsync(listener.LocalEndPoint);
        }

        var closing = listener.CloseAsync();
        gate.Set();
        await TestLoops.WithinPatience(closing);
        Assert.Equal(20, accepted.Count);
        foreach (var client in clients)
        {
            Assert.Equal(2, await client.ReceiveAsync(new byte[10].AsMemory()));
        }

        await TestLoops.WithinPatience(listener.CloseAsync()); // A second time is no harm.
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(listener.LocalEndPoint));
        var again = loops.Group.Listen(listener.LocalEndPoint, c => c.Close());
        Assert.Equal(listener.LocalEndPoint, again.LocalEndPoint);
        clients.ForEach(c => c.Dispose());
    }

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
