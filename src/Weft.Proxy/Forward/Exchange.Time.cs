using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>The times that bound a request and its attempts.</summary>
internal sealed partial class Exchange
{
    /// <summary>When the request's time is up.</summary>
    public Deadline Deadline =>
        _deadlineMilliseconds == long.MaxValue
            ? Deadline.Never
            : Deadline.After(Loop.NowNanoseconds, MillisecondsLeft * Nanoseconds.PerMillisecond);

    /// <summary>What the next hop is told of it, in milliseconds; null when it has no bound.</summary>
    private long? StatedTime => _deadlineMilliseconds == long.MaxValue ? null : MillisecondsLeft;

    /// <summary>Waits, unless the request's time is up or nobody waits for it any more before.</summary>
    public LoopTask<bool> PauseAsync(long nanoseconds)
    {
        // Never earlier than asked: whole milliseconds, rounded up.
        var milliseconds = (nanoseconds + Nanoseconds.PerMillisecond - 1) / Nanoseconds.PerMillisecond;
        return IsOver || milliseconds <= 0 ? new LoopTask<bool>(result: true) : _pause.Start(milliseconds);
    }

    /// <summary>From now on the request ends at the earlier of its policy's time and its caller's.</summary>
    public void StartDeadline(TimeSpan? policy)
    {
        var limit = CallerTimeoutMilliseconds ?? long.MaxValue;
        if (policy is { } stated)
        {
            limit = Math.Min(limit, (long)stated.TotalMilliseconds);
        }

        if (limit != long.MaxValue)
        {
            _deadlineMilliseconds = Loop.NowMilliseconds + limit;
            Loop.SetTimer(_deadlineTimer, limit);
        }
    }

    private void OnTimer(TimeoutKind kind)
    {
        if (_timeout == TimeoutKind.Linger)
        {
            if (!Server.CanReset)
            {
                Server.Connection.Close();
            }

            return;
        }

        _timeout = kind;
        var server = Server;
        var isHalfAnswered = server.ResponseStarted && !CanEndCall;
        Interrupt();
        if (isHalfAnswered)
        {
            server.Abort();
        }
    }

    /// <summary>
    /// Ends what the request waits for. It may go on inside this call, even to its end, and this be another request's by the time it returns.
    /// </summary>
    private void Interrupt()
    {
        if (_pause.IsRunning)
        {
            _pause.Stop();
            return;
        }

        var hedged = _hedged;
        _client?.Abort();
        hedged?.Abort();
    }

    /// <summary>A wait that can be cut short.</summary>
    private sealed class PauseTimer(Exchange exchange) : LoopTimer
    {
        private readonly LoopSignal<bool> _signal = new();

        public bool IsRunning => _signal.IsArmed;

        public LoopTask<bool> Start(long milliseconds)
        {
            exchange.Loop.SetTimer(this, milliseconds);
            return _signal.Arm();
        }

        public void Stop()
        {
            TimerWheel.Clear(this);
            _signal.Complete(result: true);
        }

        protected override void OnDue() => _signal.Complete(result: true);
    }

    private sealed class RequestTimer(Exchange exchange, TimeoutKind kind) : LoopTimer
    {
        protected override void OnDue() => exchange.OnTimer(kind);
    }
}
