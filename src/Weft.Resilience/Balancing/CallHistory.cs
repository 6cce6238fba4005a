namespace Weft.Resilience;

/// <summary>
/// What an endpoint's past calls let us expect of the next one: a peak-sensitive moving average of latency (it jumps up
/// at once and comes down slowly) and a moving average of failures, both weighted by time and not by number of calls, so
/// that a rarely called endpoint forgets as fast as a busy one. After Finagle's Peak EWMA, with failures kept apart: there, a
/// fast error is a low latency.
/// </summary>
internal struct CallHistory
{
    // After this many decay times less than 1 % of a measurement is left, and says nothing of how the endpoint is now.
    private const double ColdAfterDecays = 5;

    // A failure share of 1 would make an infinite cost, and all costs of dead endpoints equal.
    private const double HighestFailureShare = 0.999;

    private double _latency;
    private double _failureShare;
    private long _measuredAt;
    private bool _measured;

    /// <summary>True when nothing is known, or only something too old to tell: such an endpoint is probed, not trusted.</summary>
    public readonly bool IsCold(long now, double decay) => !_measured || now - _measuredAt > ColdAfterDecays * decay;

    /// <summary>Expected latency in nanoseconds; sinks towards 0 while nothing is measured, so that it is tried again.</summary>
    public readonly double Latency(long now, double decay) => _latency * Remaining(now, decay);

    /// <summary>Failures to be expected before a success, f/(1-f) for a failure share of f; 0 to 999.</summary>
    public readonly double FailureOdds(long now, double decay)
    {
        // The common case, a healthy endpoint, costs no exponential.
        if (_failureShare == 0)
            return 0;
        var share = Math.Min(_failureShare * Remaining(now, decay), HighestFailureShare);
        return share / (1 - share);
    }

    /// <summary>Takes in how one call went.</summary>
    /// <param name="now">Nanoseconds on the loop's clock.</param>
    /// <param name="latency">Nanoseconds that the call took.</param>
    /// <param name="outcome">How the call ended.</param>
    /// <param name="decay">Nanoseconds after which an observation counts for 1/e.</param>
    public void Observe(long now, long latency, CallOutcome outcome, double decay)
    {
        if (!_measured)
        {
            if (outcome == CallOutcome.Ignored)
                return;
            (_latency, _failureShare) = (latency, outcome == CallOutcome.Failure ? 1 : 0);
            (_measuredAt, _measured) = (now, true);
            return;
        }

        var kept = Remaining(now, decay);
        if (latency > _latency * kept)
            _latency = latency;
        else if (outcome == CallOutcome.Success)
            _latency = (latency * (1 - kept)) + (_latency * kept);
        else if (outcome == CallOutcome.Failure)
            _latency *= kept; // a fast failure is no sign of speed
        else
            return;

        _failureShare *= kept;
        if (outcome == CallOutcome.Failure)
            _failureShare += 1 - kept;
        _measuredAt = Math.Max(_measuredAt, now);
    }

    private readonly double Remaining(long now, double decay) =>
        now <= _measuredAt ? 1 : Decayed((now - _measuredAt) / decay);

    // Of an endpoint that is busy, calls end within moments of each other: three terms of the series are then as good as the
    // exponential (less than 2e-10 off) and cost a tenth.
    private static double Decayed(double decays) =>
        decays < 1e-3 ? 1 - decays + (decays * decays / 2) : Math.Exp(-decays);
}
