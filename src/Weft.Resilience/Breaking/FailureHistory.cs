namespace Weft.Resilience;

/// <summary>What a breaker remembers of an endpoint's calls while it is in service.</summary>
internal sealed class FailureHistory(BreakerPolicy policy)
{
    private readonly OutcomeWindow? _window = policy.SuccessRate is { } rate ? new OutcomeWindow(rate.Window) : null;
    private int _failuresInARow;

    /// <summary>Takes one call in; the cause to take the endpoint out, or null.</summary>
    public EjectionCause? Observe(long now, bool success)
    {
        _window?.Add(now, success);
        if (success)
        {
            _failuresInARow = 0;
            return null; // A success raises the rate: it is never what condemns.
        }

        _failuresInARow++;
        if (_failuresInARow >= policy.ConsecutiveFailures)
            return EjectionCause.Consecutive;
        return IsRateTooLow(now) ? EjectionCause.SuccessRate : null;
    }

    public void Clear()
    {
        _failuresInARow = 0;
        _window?.Clear();
    }

    private bool IsRateTooLow(long now)
    {
        if (policy.SuccessRate is not { } rate || _window is null)
            return false;
        var (successes, failures) = _window.Sum(now);
        var calls = successes + failures;
        return calls >= rate.MinRequests && successes < rate.Below * calls;
    }
}
