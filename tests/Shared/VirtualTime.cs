namespace Weft.Testing;

/// <summary>
/// A clock that moves only when a test moves it. Timers fire on the way, in the order in which they are due, on the thread that moves it, and find
/// it where they are due. Safe from any thread.
/// </summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _armed = [];
    private DateTimeOffset _now = start;

    // Far from the times of files on disk, which the clock of the machine gives.
    public VirtualTime()
        : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves it on; by nothing, what is due now fires.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (Take(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <inheritdoc cref="Advance(TimeSpan)"/>
    public void Advance(double milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The next timer that is due until then, with the clock moved to it; null when there is none, with the clock moved to the end.</summary>
    private VirtualTimer? Take(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _armed.Where(t => t.Due <= end).MinBy(t => t.Due);
            var then = next?.Due ?? end;
            _now = then > _now ? then : _now;
            if (next?.Rearm() == false)
            {
                _armed.Remove(next);
            }

            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        private TimeSpan _period;
        private bool _isDisposed;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        /// <summary>Whether it fires again by itself.</summary>
        public bool Rearm()
        {
            if (_period <= TimeSpan.Zero)
            {
                return false;
            }

            Due += _period;
            return true;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
                if (_isDisposed)
                {
                    return false;
                }

                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    (Due, _period) = (time._now + dueTime, period);
                    time._armed.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _isDisposed = true;
                time._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
