namespace Weft.Resilience;

/// <summary>
/// Whether an endpoint is in service, as a circuit breaker has it (M. Nygard, "Release It!"; Finagle's failure accrual).
/// <code>
/// Closed --trip--> Open --its time is up, a call is picked for it--> Probing --success--> Closed, all forgotten
///                   ^                                                  |
///                   +-------- failure: longer; ignored: at once -------+
/// </code>
/// No timer runs: whoever asks says what time it is.
/// </summary>
internal struct Circuit
{
    private enum Phase : byte
    {
        Closed,
        Open,
        Probing,
    }

    private Phase _phase;
    private int _ejectionsInARow;
    private long _lastWait;

    public readonly bool IsClosed => _phase == Phase.Closed;

    /// <summary>Why it is not closed.</summary>
    public EjectionCause Cause { get; private set; }

    /// <summary>
    /// Until when it takes no call: the end of its time out of service, or of the patience with a probe that does not come back (a long
    /// stream, for example).
    /// </summary>
    public long ShutUntil { get; private set; }

    /// <summary>Whether a call may be sent there, be it as a probe.</summary>
    public readonly bool Takes(long now) => _phase == Phase.Closed || now >= ShutUntil;

    /// <summary>The next call that is sent there decides.</summary>
    public readonly bool AwaitsProbe(long now) => _phase != Phase.Closed && now >= ShutUntil;

    /// <summary>Out of service, with the time not up yet.</summary>
    public readonly bool IsShut(long now) => _phase == Phase.Open && now < ShutUntil;

    /// <summary>Out of service from now on; longer than the last time, when that was not followed by a success.</summary>
    /// <returns>Nanoseconds that it stays out.</returns>
    public long Trip(EjectionCause cause, Backoff backoff, long now, LoopRandom random)
    {
        // Trouble of another kind starts its own row: 5 s of suspicion say nothing of how long a restart takes.
        if (!IsClosed && Cause.IsSuspicion() != cause.IsSuspicion())
            (_ejectionsInARow, _lastWait) = (0, 0);
        _ejectionsInARow++;
        _lastWait = backoff.Delay(_ejectionsInARow, _lastWait, random);
        (_phase, Cause, ShutUntil) = (Phase.Open, cause, now + _lastWait);
        return _lastWait;
    }

    /// <summary>A call is sent there; true when it is the probe that decides.</summary>
    public bool Start(long now)
    {
        if (!AwaitsProbe(now))
            return false;
        (_phase, ShutUntil) = (Phase.Probing, now + _lastWait);
        return true;
    }

    /// <summary>Whether a probe is out whose end decides.</summary>
    public readonly bool IsProbing => _phase == Phase.Probing;

    /// <summary>The probe said nothing: the next call is one.</summary>
    public void ProbeAgain(long now) => (_phase, ShutUntil) = (Phase.Open, now);

    /// <summary>Back in service, all forgotten.</summary>
    public void Close() => this = default;
}
