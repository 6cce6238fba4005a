using System.Net;
using Weft.Net.Epoll;
using Weft.Net.Sockets;

namespace Weft.Net;

/// <summary>Which system interface the loops use.</summary>
public enum Transport
{
    /// <summary>epoll on Linux, System.Net.Sockets elsewhere.</summary>
    Auto,

    /// <summary>epoll; Linux only.</summary>
    Epoll,

    /// <summary>System.Net.Sockets; everywhere.</summary>
    Sockets,
}

/// <summary>The loops of a program, and what they listen on together.</summary>
public sealed class LoopGroup
{
    /// <summary>Makes the loops and starts their threads.</summary>
    /// <param name="count">How many loops; at least 1.</param>
    /// <param name="time">The clock of every timer.</param>
    /// <param name="onUnhandled">Told of exceptions that reached a loop, on its thread. Must not throw.</param>
    /// <param name="transport">Which system interface to use.</param>
    public LoopGroup(int count, TimeProvider time, Action<Exception> onUnhandled, Transport transport = Transport.Auto)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (transport == Transport.Epoll && !OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("epoll exists on Linux only; choose Transport.Auto.");
        }

        var epoll = transport == Transport.Epoll || (transport == Transport.Auto && OperatingSystem.IsLinux());
        Loops =
        [
            .. Enumerable
                .Range(0, count)
                .Select<int, EventLoop>(i =>
                    epoll ? new EpollLoop(i, time, onUnhandled) : new SocketLoop(i, time, onUnhandled)
                ),
        ];
        foreach (var loop in Loops)
        {
            loop.Start();
        }
    }

    public IReadOnlyList<EventLoop> Loops { get; }

    /// <summary>
    /// Listens; <paramref name="onAccept"/> is called on the loop to which the connection belongs. Callable from any thread.
    /// </summary>
    /// <exception cref="ListenException">The address is in use, not allowed, or not this machine's.</exception>
    public Listener Listen(IPEndPoint endPoint, Action<Connection> onAccept) =>
        Loops[0] is EpollLoop
            ? new EpollListener([.. Loops.Cast<EpollLoop>()], endPoint, onAccept)
            : new SocketListener([.. Loops.Cast<SocketLoop>()], endPoint, onAccept);

    /// <summary>Ends every loop; their connections are aborted.</summary>
    public Task StopAsync() => Task.WhenAll(Loops.Select(l => l.StopAsync()));
}
