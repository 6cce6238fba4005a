using Weft.Net;

namespace Weft.Proxy;

/// <summary>Requests of one loop that wait until the world has changed, because their name is not resolved yet.</summary>
internal sealed class BindingWaiters(EventLoop loop)
{
    // More are answered at once: whoever is down must not fill the memory of whoever is up.
    private const int MaxWaiting = 10_000;

    private readonly List<Waiter> _waiting = [];

    /// <summary>Requests that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>True when something has changed, false when the time is up or too many wait already.</summary>
    public LoopTask<bool> WaitAsync(long milliseconds)
    {
        if (_waiting.Count >= MaxWaiting || milliseconds <= 0)
        {
            return new LoopTask<bool>(result: false);
        }

        var waiter = new Waiter(this);
        _waiting.Add(waiter);
        loop.SetTimer(waiter, milliseconds);
        return waiter.Signal.Arm();
    }

    public void OnChanged()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var waiter in waiting)
        {
            TimerWheel.Clear(waiter);
            waiter.Signal.Complete(result: true);
        }
    }

    private sealed class Waiter(BindingWaiters owner) : LoopTimer
    {
        public LoopSignal<bool> Signal { get; } = new();

        protected override void OnDue()
        {
            owner._waiting.Remove(this);
            Signal.Complete(result: false);
        }
    }
}
