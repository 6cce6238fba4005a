namespace Weft.Resilience;

/// <summary>
/// Turns the results of one endpoint's active checks into healthy or not, with so many results in a row needed to change. An endpoint
/// begins healthy: it was announced, and nothing is known against it.
/// </summary>
public sealed class HealthCheckState
{
    private readonly int _healthyAfter;
    private readonly int _unhealthyAfter;
    private int _against;

    /// <summary>The state before the first check.</summary>
    /// <param name="healthyAfter">Passes in a row that bring it back, at least 1.</param>
    /// <param name="unhealthyAfter">Failures in a row that take it out, at least 1.</param>
    public HealthCheckState(int healthyAfter, int unhealthyAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(healthyAfter, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(unhealthyAfter, 1);
        _healthyAfter = healthyAfter;
        _unhealthyAfter = unhealthyAfter;
    }

    public bool IsHealthy { get; private set; } = true;

    /// <summary>Takes in a check's result; true when it changed the state.</summary>
    public bool Observe(bool passed)
    {
        if (passed == IsHealthy)
        {
            _against = 0;
            return false;
        }

        _against++;
        if (_against < (IsHealthy ? _unhealthyAfter : _healthyAfter))
            return false;
        (IsHealthy, _against) = (passed, 0);
        return true;
    }
}
