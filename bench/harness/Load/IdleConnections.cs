using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>Keep-alive connections that have served one request each and then hold still.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public static IdleConnections Open(IPEndPoint address, int count, CancellationToken cancellation)
    {
        var idle = new IdleConnections();
        try
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var socket = SmallRequest.Connect(address);
                idle._sockets.Add(socket);
                SmallRequest.Exchange(socket, SmallRequest.Bytes);
            }
            return idle;
        }
        catch
        {
            idle.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }
}
