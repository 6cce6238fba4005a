using System.Net;
using Weft.Net;

// relay LISTEN TARGET: moves bytes between the two and looks at none of them. What it costs is the floor of any proxy on these loops.
if (args.Length != 2 || !IPEndPoint.TryParse(args[0], out var listen) || !IPEndPoint.TryParse(args[1], out var target))
{
    Console.Error.WriteLine("usage: relay LISTEN TARGET, for example: relay 127.0.0.1:4140 127.0.0.1:8080");
    return 2;
}

var loops = new LoopGroup(Environment.ProcessorCount, TimeProvider.System, e => Console.Error.WriteLine(e));
loops.Listen(listen, connection => _ = RelayAsync(connection));
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
return 0;

async Task RelayAsync(Connection client)
{
    var (server, failure) = await client.Loop.ConnectAsync(target, timeoutMilliseconds: 1000);
    if (server is null)
    {
        Console.Error.WriteLine($"{target}: {failure}");
        client.Abort();
        return;
    }

    var back = CopyAsync(server, client);
    await CopyAsync(client, server);
    await back;
    client.Close();
    server.Close();
}

static async Task CopyAsync(Connection from, Connection to)
{
    while (await from.ReadableAsync())
    {
        var buffer = from.Loop.Buffers.Rent(16 * 1024);
        int n;
        while ((n = from.TryRead(buffer)) > 0 && await to.WriteAsync(buffer.AsMemory(0, n))) { }
        from.Loop.Buffers.Return(buffer);
        if (n == 0)
        {
            to.ShutdownWrite();
            return;
        }

        if (n != Connection.WouldBlock)
        {
            from.Abort();
            to.Abort();
            return;
        }
    }
}
