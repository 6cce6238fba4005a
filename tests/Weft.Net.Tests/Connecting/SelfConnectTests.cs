using System.Net;
using System.Net.Sockets;

namespace Weft.Net.Tests.Connecting;

[Collection(nameof(Alone))] // Connects of other tests would disturb the order in which the kernel picks ports.
public sealed class SelfConnectTests
{
    [Theory]
    [BothTransports]
    public async Task A_socket_that_meets_itself_is_no_connection(Transport transport)
    {
        // TCP's simultaneous open: a connect to a port in the kernel's own range, where nobody listens, may get that very
        // port as its own and succeed. Linux goes through the even ones in turn, so every round comes by.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "how ports are picked is Linux's way");
        await using var loops = new TestLoops(transport);
        var address = FreeEvenPort(transport);
        var metItself = await loops.RunAsync(async loop =>
        {
            for (var i = 0; i < 40_000; i++)
            {
                var (connection, failure) = await loop.ConnectAsync(address, 10_000);
                Assert.Null(connection);
                if (failure!.Contains("met itself", StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        });
        Assert.SkipWhen(metItself < 0, "the kernel never picked the port");
    }

    private static IPEndPoint FreeEvenPort(Transport transport)
    {
        // Not the one of the last run, which is in TIME_WAIT.
        for (var port = 33_000 + (2 * (Environment.ProcessId % 10_000)) + (1000 * (int)transport); ; port += 2)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return (IPEndPoint)socket.LocalEndPoint!;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
