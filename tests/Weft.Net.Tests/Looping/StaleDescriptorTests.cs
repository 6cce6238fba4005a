using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Looping;

[Collection(nameof(Alone))]
public sealed class StaleDescriptorTests
{
    [Theory]
    [BothTransports]
    public async Task A_loop_that_has_ended_writes_into_nobody_elses_descriptor(Transport transport)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        await using var loops = new TestLoops(transport);
        await TestLoops.WithinPatience(loops.Group.StopAsync());
        // These get the numbers that the loop gave back.
        var sockets = new List<Socket>();
        for (var i = 0; i < 16; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(client);
            await client.ConnectAsync(listener.LocalEndPoint!);
            sockets.Add(await listener.AcceptAsync());
        }

        loops.Loop.Post(_ => { });
        await loops.Group.StopAsync();
        Assert.All(sockets, s => Assert.Equal(0, s.Available));
        sockets.ForEach(s => s.Dispose());
    }
}
