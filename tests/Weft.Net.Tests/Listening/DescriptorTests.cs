using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Listening;

/// <summary>The process's descriptors: none is leaked, and none left is survived.</summary>
[Collection(nameof(Alone))]
public sealed class DescriptorTests
{
    [Theory]
    [BothTransports]
    public async Task Two_thousand_connects_leave_no_descriptor_behind(Transport transport)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "descriptors are counted in /proc");
        await using var loops = new TestLoops(transport);
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var nobody = (IPEndPoint)bound.LocalEndPoint!;
        var accepted = new Inbox<Connection>();
        var listener = loops.Group.Listen(TestLoops.AnyPort, accepted.Add);
        async Task ConnectManyAsync(EventLoop loop, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (client, failure) = await loop.ConnectAsync(listener.LocalEndPoint, 10_000);
                Assert.Null(failure);
                var server = await accepted.NextAsync();
                if (i % 2 == 0)
                {
                    client!.Abort(); // One that waits to read, one that does not.
                    Assert.Equal(Connection.Broken, await server.ReadAsync(new byte[1]));
                    server.Close();
                }
                else
                {
                    server.Abort();
                    client!.Close();
                }

                if (i % 10 == 0)
                {
                    Assert.NotNull((await loop.ConnectAsync(nobody, 10_000)).Failure);
                }
            }
        }

        await loops.RunAsync(loop => ConnectManyAsync(loop, 20));
        var before = OpenDescriptors();
        await loops.RunAsync(loop => ConnectManyAsync(loop, 2000));
        Assert.InRange(OpenDescriptors(), 0, before + 5);
    }

    [Theory]
    [BothTransports]
    public async Task Groups_that_come_and_go_leave_no_descriptor_behind(Transport transport)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "descriptors are counted in /proc");
        async Task LiveAsync()
        {
            await using var loops = new TestLoops(transport, count: 2);
            var listener = loops.Group.Listen(TestLoops.AnyPort, _ => { });
            Assert.Throws<ListenException>(() => loops.Group.Listen(listener.LocalEndPoint, _ => { }));
            await loops.RunAsync(async loop =>
            {
                for (var i = 0; i < 8; i++)
                {
                    Assert.Null((await loop.ConnectAsync(listener.LocalEndPoint, 10_000)).Failure);
                }
            });
        }

        await LiveAsync();
        var before = OpenDescriptors();
        for (var i = 0; i < 10; i++)
        {
            await LiveAsync();
        }

        Assert.InRange(OpenDescriptors(), 0, before + 5);
    }

    [Fact]
    public async Task Out_of_descriptors_a_listener_reports_it_pauses_and_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit is set by a Linux call");
        await using var loops = new TestLoops(Transport.Epoll);
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var listener = loops.Group.Listen(
            TestLoops.AnyPort,
            _ =>
            {
                if (++count == 3)
                {
                    accepted.SetResult();
                }
            }
        );
        var clients = Enumerable
            .Range(0, 3)
            .Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            .ToList();
        await loops.RunAsync(_ => Task.CompletedTask);
        // The limit is on the number of a descriptor: with all lower ones in use, none can be opened.
        var filler = new List<Socket>();
        var highest = Directory.GetFiles("/proc/self/fd").Max(f => int.Parse(Path.GetFileName(f)));
        for (var free = highest + 1 - OpenDescriptors(); free >= 0; free--)
        {
            filler.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        }

        using (new DescriptorLimit(filler.Max(f => (int)f.Handle) + 1))
        {
            foreach (var client in clients)
            {
                client.Connect(listener.LocalEndPoint);
            }

            while (loops.Unhandled.IsEmpty)
            {
                await loops.RunAsync(async loop => _ = await loop.YieldAsync());
            }
        }

        await TestLoops.WithinPatience(accepted.Task);
        Assert.All(loops.Unhandled, e => Assert.Contains("ulimit -n", e.Message, StringComparison.Ordinal));
        Assert.InRange(loops.Unhandled.Count, 1, 3);
        loops.Unhandled.Clear();
        clients.ForEach(c => c.Dispose());
        filler.ForEach(c => c.Dispose());
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
