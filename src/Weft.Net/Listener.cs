using System.Net;

namespace Weft.Net;

/// <summary>A listening socket, or one per loop behind one address.</summary>
public abstract class Listener
{
    /// <summary>Where it listens; with the port that was given when port 0 was asked for.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Stops listening: connections that the kernel has accepted already are still handed over, then the address is free.
    /// Callable from any thread; completes off the loops.
    /// </summary>
    public abstract Task CloseAsync();
}
