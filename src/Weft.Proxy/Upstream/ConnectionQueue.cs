using Weft.Net;

namespace Weft.Proxy;

/// <summary>What ended a wait for a connection.</summary>
internal enum QueueResult : byte
{
    /// <summary>Something has changed: look again.</summary>
    Retry,

    /// <summary>The connection that was waited for could not be made.</summary>
    Failed,

    /// <summary>The time is up.</summary>
    TimedOut,
}

/// <summary>Requests that wait for a connection to one endpoint; the first that came is the first that is told.</summary>
internal sealed class ConnectionQueue(EventLoop loop)
{
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly Queue<Waiter> _told = new();
    private bool _isDeferred;

    /// <summary>Requests that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Waits until told, for so many milliseconds at most.</summary>
    public ValueTask<QueueResult> WaitAsync(long milliseconds)
    {
        if (milliseconds <= 0)
        {
            return new ValueTask<QueueResult>(QueueResult.TimedOut);
        }

        var waiter = new Waiter(this);
        waiter.Node = _waiting.AddLast(waiter);
        loop.SetTimer(waiter, milliseconds);
        return waiter.Signal.Arm();
    }

    /// <summary>Tells so many of those who wait to look again, when the present call stack has unwound.</summary>
    public void Wake(int count)
    {
        for (; count > 0 && _waiting.First is { } first; count--)
        {
            Tell(first.Value, QueueResult.Retry);
        }
    }

    /// <summary>Tells everybody that what they wait for will not come, when the present call stack has unwound.</summary>
    public void FailAll()
    {
        while (_waiting.First is { } first)
        {
            Tell(first.Value, QueueResult.Failed);
        }
    }

    private void Tell(Waiter waiter, QueueResult result)
    {
        _waiting.Remove(waiter.Node!);
        TimerWheel.Clear(waiter);
        waiter.Result = result;
        _told.Enqueue(waiter);
        if (!_isDeferred)
        {
            _isDeferred = true;
            loop.Defer(static q => ((ConnectionQueue)q!).Run(), this);
        }
    }

    private void Run()
    {
        _isDeferred = false;
        for (var left = _told.Count; left > 0; left--)
        {
            var waiter = _told.Dequeue();
            waiter.Signal.Complete(waiter.Result);
        }
    }

    private sealed class Waiter(ConnectionQueue owner) : LoopTimer
    {
        public LoopSignal<QueueResult> Signal { get; } = new();

        public LinkedListNode<Waiter>? Node { get; set; }

        public QueueResult Result { get; set; }

        protected override void OnDue()
        {
            owner._waiting.Remove(Node!);
            Signal.Complete(QueueResult.TimedOut);
        }
    }
}
