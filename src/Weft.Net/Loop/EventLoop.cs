using System.Net;

namespace Weft.Net;

/// <summary>
/// One thread that serves its connections and timers, and nothing else. What belongs to a loop is touched on its thread only; others
/// reach it through <see cref="Post"/>.
/// </summary>
public abstract class EventLoop
{
    // How often an ending loop lets work defer more work: enough for any chain of clean-up, and an end for one that never does.
    private const int LastRounds = 64;

    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<LoopWork> _deferred = new();
    private List<LoopWork> _posted = [];
    private List<LoopWork> _running = [];
    private bool _woken;
    private bool _over;
    private volatile bool _stopping;

    protected EventLoop(int index, TimeProvider time, Action<Exception> onUnhandled)
    {
        Index = index;
        Time = time;
        OnUnhandled = onUnhandled;
        StartTimestamp = time.GetTimestamp();
        _thread = new Thread(Main) { IsBackground = true, Name = $"weft-loop-{index}" };
    }

    /// <summary>0-based number of this loop in its group.</summary>
    public int Index { get; }

    public TimeProvider Time { get; }

    public BufferPool Buffers { get; } = new();

    /// <summary>
    /// 64 KiB in which whatever runs on the loop may build a message, as long as it is done with it before it awaits or returns.
    /// </summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Milliseconds since the loop was made, as of the start of this turn.</summary>
    public long NowMilliseconds { get; private set; }

    /// <summary>Nanoseconds since the loop was made, as of the start of this turn: when it learned of all that has come since the one before.</summary>
    public long TurnNanoseconds { get; private set; }

    /// <summary>Nanoseconds since the loop was made, read from the clock now.</summary>
    public long NowNanoseconds => ToNanoseconds(Time.GetTimestamp());

    /// <summary>Loops that were not ended; completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    protected TimerWheel Timers { get; } = new();

    /// <summary>Told of an exception that reached the loop; the loop goes on.</summary>
    protected Action<Exception> OnUnhandled { get; }

    private long StartTimestamp { get; }

    /// <summary>Begins to run. Called once.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the loop after what is posted has run; its connections are aborted. Callable from any thread.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            if (!_over)
            {
                Wake();
            }
        }

        return Ended;
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the loop, soon, in the order of the posts. Callable from any thread. Without effect when the
    /// loop has ended; who must know uses <see cref="TryPost"/>.
    /// </summary>
    public void Post(Action<object?> work, object? state = null) => _ = TryPost(work, state);

    /// <summary>The same; false when the loop has ended and will not run it.</summary>
    public bool TryPost(Action<object?> work, object? state = null)
    {
        lock (_gate)
        {
            if (_over)
            {
                return false;
            }

            _posted.Add(new LoopWork(work, state));
            if (!_woken)
            {
                _woken = true;
                // Inside the lock: outside it, the loop could end and the descriptor have a new owner.
                Wake();
            }
        }

        return true;
    }

    /// <summary>Runs <paramref name="work"/> at the end of this turn, when the present call stack has unwound. On the loop only.</summary>
    public void Defer(Action<object?> work, object? state) => _deferred.Enqueue(new LoopWork(work, state));

    /// <summary>Lets the others on this loop have their turn. On the loop only.</summary>
    public LoopTask<bool> YieldAsync()
    {
        var signal = new LoopSignal<bool>();
        Defer(static s => ((LoopSignal<bool>)s!).Complete(result: true), signal);
        return signal.Arm();
    }

    /// <summary>
    /// Sets or moves a timer; the delay counts from <see cref="NowMilliseconds"/>, the start of this turn. On the loop only.
    /// </summary>
    public void SetTimer(LoopTimer timer, long delayMilliseconds) =>
        Timers.Set(timer, NowMilliseconds, delayMilliseconds);

    /// <summary>
    /// Connects. The wait ends after <paramref name="timeoutMilliseconds"/> at the latest. On the loop only.
    /// </summary>
    public abstract LoopTask<ConnectResult> ConnectAsync(IPEndPoint endPoint, int timeoutMilliseconds);

    /// <summary>Waits for events up to the timeout (-1: for ever) and dispatches them.</summary>
    protected abstract void Poll(int timeoutMilliseconds);

    /// <summary>Interrupts <see cref="Poll"/> from any thread.</summary>
    protected abstract void Wake();

    /// <summary>Closes every connection, connect and listener. What is begun afterwards fails at once.</summary>
    protected abstract void CloseAll();

    /// <summary>Closes what the loop itself holds; nothing runs on it any more and nobody wakes it.</summary>
    protected abstract void Release();

    /// <summary>Reads the clock; called by <see cref="Poll"/> when it returns from waiting.</summary>
    protected void UpdateNow()
    {
        TurnNanoseconds = NowNanoseconds;
        NowMilliseconds = TurnNanoseconds / 1_000_000;
    }

    private void Main()
    {
        try
        {
            while (!_stopping)
            {
                Turn();
            }

            RunPosted();
            Guard(static loop => ((EventLoop)loop!).CloseAll(), this);
            // Those who waited on a connection clean up now.
            for (var round = 0; round < LastRounds && _deferred.Count > 0; round++)
            {
                RunPosted();
                RunDeferred();
            }

            lock (_gate)
            {
                _over = true;
            }

            RunPosted();
            RunDeferred();
            Guard(static loop => ((EventLoop)loop!).Release(), this);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Turn()
    {
        var timeout = _deferred.Count > 0 ? 0 : Timers.MillisecondsToNext(NowMilliseconds);
        Poll(timeout);
        RunPosted();
        try
        {
            Timers.Advance(NowMilliseconds);
        }
        catch (Exception e)
        {
            OnUnhandled(e);
        }

        RunDeferred();
    }

    private void RunPosted()
    {
        if (!Volatile.Read(ref _woken))
        {
            return;
        }

        lock (_gate)
        {
            (_posted, _running) = (_running, _posted);
            _woken = false;
        }

        foreach (var work in _running)
        {
            Guard(work.Action, work.State);
        }

        _running.Clear();
    }

    private void RunDeferred()
    {
        // What this work defers again runs in the next turn, so that events are never starved.
        for (var left = _deferred.Count; left > 0; left--)
        {
            var work = _deferred.Dequeue();
            Guard(work.Action, work.State);
        }
    }

    private void Guard(Action<object?> action, object? state)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            // A defect in the handling of one connection must not end all the others.
            OnUnhandled(e);
        }
    }

    private long ToNanoseconds(long timestamp)
    {
        var elapsed = timestamp - StartTimestamp;
        return Time.TimestampFrequency == 1_000_000_000
            ? elapsed
            : (long)((Int128)elapsed * 1_000_000_000 / Time.TimestampFrequency);
    }

    private readonly record struct LoopWork(Action<object?> Action, object? State);
}
