using System.Net;

namespace Weft.Net.Tests;

/// <summary>Two connected connections on one loop.</summary>
internal sealed record Pair(Connection Client, Connection Server)
{
    /// <summary>On the first loop, which must be the only one.</summary>
    public static async Task<Pair> ConnectAsync(TestLoops loops, IPEndPoint? listenOn = null)
    {
        var accepted = new Inbox<Connection>();
        var listener = loops.Group.Listen(listenOn ?? TestLoops.AnyPort, accepted.Add);
        var (client, failure) = await loops.Loop.ConnectAsync(listener.LocalEndPoint, 10_000);
        Assert.Null(failure);
        var server = await accepted.NextAsync();
        _ = listener.CloseAsync(); // Its end is awaited with the loop's.
        return new Pair(client!, server);
    }
}
