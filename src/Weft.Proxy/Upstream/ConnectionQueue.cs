using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

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

/// <summary>Requests that wait for a connection to one endpoint; whose turn it is, and for how long it pays to wait, is <see cref="PendingQueue{T}"/>'s to say.</summary>
internal sealed class ConnectionQueue
{
    // Of a queue that does not empty any more, those behind are told after this part of the time.
    private const int StandingShare = 10;

    private readonly EventLoop _loop;
    private readonly PendingQueue<Waiter> _waiting;
    private readonly Queue<Waiter> _told = new();
    private readonly ExpiryTimer _expiry;
    private bool _isDeferred;

    public ConnectionQueue(EventLoop loop, PoolSpec pool)
    {
        _loop = loop;
        _expiry = new ExpiryTimer(this);
        _waiting = new PendingQueue<Waiter>(
            new PendingOptions(pool.MaxPending, pool.QueueTimeout, pool.QueueTimeout / StandingShare)
        );
    }

    /// <summary>Requests that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Waits until told, for so many milliseconds at most; not at all when as many wait as may.</summary>
    public LoopTask<QueueResult> WaitAsync(long milliseconds)
    {
        var waiter = new Waiter(this);
        waiter.Ticket = milliseconds <= 0 ? -1 : _waiting.Add(waiter, _loop.NowNanoseconds);
        if (waiter.Ticket < 0)
        {
            return new LoopTask<QueueResult>(QueueResult.TimedOut);
        }

        _loop.SetTimer(waiter, milliseconds);
        SetExpiry();
        return waiter.Signal.Arm();
    }

    /// <summary>Tells so many of those who wait to look again, when the present call stack has unwound.</summary>
    public void Wake(int count)
    {
        for (; count > 0 && _waiting.TryNext(_loop.NowNanoseconds, out var next); count--)
        {
            Tell(next!, QueueResult.Retry);
        }
    }

    /// <summary>Tells everybody that what they wait for will not come, when the present call stack has unwound.</summary>
    public void FailAll()
    {
        while (_waiting.TryNext(_loop.NowNanoseconds, out var next))
        {
            Tell(next!, QueueResult.Failed);
        }
    }

    private void Tell(Waiter waiter, QueueResult result)
    {
        TimerWheel.Clear(waiter);
        waiter.Result = result;
        _told.Enqueue(waiter);
        if (!_isDeferred)
        {
            _isDeferred = true;
            _loop.Defer(static q => ((ConnectionQueue)q!).Run(), this);
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

    private void Expire()
    {
        while (_waiting.TryExpired(_loop.NowNanoseconds, out var late))
        {
            Tell(late!, QueueResult.TimedOut);
        }

        SetExpiry();
    }

    private void SetExpiry()
    {
        var now = _loop.NowNanoseconds;
        var due = _waiting.NextExpiry(now);
        if (due != long.MaxValue)
        {
            _loop.SetTimer(_expiry, Math.Max(1, (due - now) / Nanoseconds.PerMillisecond));
        }
    }

    private sealed class Waiter(ConnectionQueue owner) : LoopTimer
    {
        public LoopSignal<QueueResult> Signal { get; } = new();

        public int Ticket { get; set; }

        public QueueResult Result { get; set; }

        protected override void OnDue()
        {
            owner._waiting.Remove(Ticket);
            Signal.Complete(QueueResult.TimedOut);
        }
    }

    private sealed class ExpiryTimer(ConnectionQueue owner) : LoopTimer
    {
        protected override void OnDue() => owner.Expire();
    }
}
