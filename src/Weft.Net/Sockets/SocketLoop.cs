using System.Net;

namespace Weft.Net.Sockets;

/// <summary>
/// The event loop where there is no epoll: System.Net.Sockets tells its thread pool what happened, and the loop's one thread is told in
/// turn. Slower, with the same behaviour.
/// </summary>
internal sealed class SocketLoop(int index, TimeProvider time, Action<Exception> onUnhandled)
    : EventLoop(index, time, onUnhandled)
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly HashSet<ISocketOwner> _owners = [];
    private bool _ended;

    public override LoopTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, int timeoutMilliseconds) =>
        SocketConnect.Begin(this, endPoint, timeoutMilliseconds);

    /// <summary>Takes note of who must be closed with the loop; false when the loop ends already.</summary>
    public bool Add(ISocketOwner owner) => !_ended && _owners.Add(owner);

    public void Remove(ISocketOwner owner) => _owners.Remove(owner);

    protected override void Poll(int timeoutMilliseconds)
    {
        _wake.Wait(timeoutMilliseconds);
        UpdateNow();
    }

    protected override void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken already: one turn takes everything that was posted.
        }
    }

    protected override void CloseAll()
    {
        _ended = true;
        foreach (var owner in _owners.ToArray())
        {
            try
            {
                owner.OnLoopEnded();
            }
            catch (Exception e)
            {
                OnUnhandled(e); // The others must be closed all the same.
            }
        }
    }

    protected override void Release() => _wake.Dispose();

    internal void Unhandled(Exception e) => OnUnhandled(e);
}
