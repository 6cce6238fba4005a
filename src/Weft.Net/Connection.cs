using System.Net;

namespace Weft.Net;

/// <summary>
/// A stream connection that belongs to one event loop. Every member is called on that loop. Readiness and bytes are
/// separate, so that a connection which waits holds no buffer.
/// </summary>
public abstract class Connection
{
    /// <summary>What <see cref="TryRead"/> and the writes answer when nothing can be moved at the moment.</summary>
    public const int WouldBlock = -1;

    /// <summary>What they answer when the connection is broken: reset by the peer, timed out, or aborted here.</summary>
    public const int Broken = -2;

    private long _countedIn;
    private long _countedOut;

    protected Connection(EventLoop loop, IPEndPoint local, IPEndPoint remote)
    {
        Loop = loop;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
    }

    public EventLoop Loop { get; }

    public IPEndPoint LocalEndPoint { get; private set; }

    /// <summary>The peer, or whom it stands for (<see cref="Represent"/>).</summary>
    public IPEndPoint RemoteEndPoint { get; private set; }

    /// <summary>Bytes received so far.</summary>
    public long BytesIn { get; protected set; }

    /// <summary>Bytes handed to the kernel so far.</summary>
    public long BytesOut { get; protected set; }

    /// <summary>A peer that is believed says that it stands between these two: from now on they count as the connection's ends.</summary>
    public void Represent(IPEndPoint remote, IPEndPoint local)
    {
        RemoteEndPoint = remote;
        LocalEndPoint = local;
    }

    /// <summary>Bytes in and out since the last call: for whoever adds them up.</summary>
    public (long In, long Out) TakeUncounted()
    {
        var taken = (BytesIn - _countedIn, BytesOut - _countedOut);
        _countedIn = BytesIn;
        _countedOut = BytesOut;
        return taken;
    }

    /// <summary>True once <see cref="Close"/> or <see cref="Abort"/> was called.</summary>
    public bool IsClosed { get; protected set; }

    /// <summary>
    /// True when bytes that were not read yet, an end or an error have arrived. Costs a system call only when the last read filled
    /// its buffer or something has arrived since. On an idle pooled connection it means that the connection is of no further use.
    /// </summary>
    public abstract bool HasArrived { get; }

    /// <summary>True when <see cref="TryRead"/> is worth a try; never costs a system call, and may be wrong in that nothing is there.</summary>
    public abstract bool MayBeReadable { get; }

    /// <summary>
    /// Who is told, on the loop, when something arrives while nobody waits in <see cref="ReadableAsync"/>: bytes or an end
    /// (<see cref="IConnectionWatcher.OnArrived"/>) or the loss of the whole connection. One watcher at a time.
    /// </summary>
    public IConnectionWatcher? Watcher { get; set; }

    /// <summary>
    /// Reads what is there: the number of bytes, 0 at the end of the stream, <see cref="WouldBlock"/> or
    /// <see cref="Broken"/>. <paramref name="buffer"/> must not be empty.
    /// </summary>
    public abstract int TryRead(Span<byte> buffer);

    /// <summary>
    /// Completes when <see cref="TryRead"/> is worth a try: true; or false when the connection was closed or aborted here.
    /// One wait at a time.
    /// </summary>
    public abstract LoopTask<bool> ReadableAsync();

    /// <summary>
    /// Ends the wait in <see cref="ReadableAsync"/>, if there is one, with true though nothing need have arrived: for a waiter whose time is up and
    /// who keeps the connection.
    /// </summary>
    public abstract void WakeReader();

    /// <summary>Writes as much as the kernel takes at once: the number of bytes, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public abstract int TryWrite(ReadOnlySpan<byte> data);

    /// <summary>The same for three pieces in one system call; the number is of all three together.</summary>
    public abstract int TryWrite(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third);

    /// <summary>
    /// Writes all of <paramref name="data"/>: true when the kernel has taken it, false when the connection broke. The bytes must stay
    /// as they are until then. One write at a time.
    /// </summary>
    public abstract LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>The same for two pieces, in one system call where the kernel takes both.</summary>
    public abstract LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second);

    /// <summary>Sends an end of stream; reading goes on. Without effect when it was done before or the connection is broken.</summary>
    public abstract void ShutdownWrite();

    /// <summary>
    /// Closes: what the kernel has taken is still delivered, unless unread bytes lie in the receive buffer. Waits that are under way end
    /// with false, after the caller has returned to the loop. May be called more than once.
    /// </summary>
    public abstract void Close();

    /// <summary>Closes with a reset, so that the peer learns that what it got is not all. May be called more than once.</summary>
    public abstract void Abort();
}
