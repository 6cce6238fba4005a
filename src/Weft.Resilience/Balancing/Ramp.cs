namespace Weft.Resilience;

/// <summary>
/// Slow start: the share of its weight that an endpoint carries while it warms up, from a first share to all of it, in
/// steps, so that what is computed from weights changes now and then and not with every call.
/// </summary>
internal struct Ramp
{
    private const int Steps = 16;

    // The clock starts with the first look at the endpoint, not with its announcement: only calls make it warm.
    private bool _isWaiting;
    private long _began;
    private long _step;

    /// <summary>Begins when it is looked at next.</summary>
    public void Restart() => _isWaiting = true;

    /// <summary>Looks at it.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="window">Nanoseconds that it takes; 0 is none.</param>
    public void Look(long now, long window)
    {
        if (!_isWaiting)
            return;
        (_isWaiting, _began, _step) = (false, now, window / Steps);
    }

    /// <summary>The share of the weight, from <paramref name="first"/> to 1.</summary>
    public readonly double Share(long now, double first) =>
        IsOver(now) ? 1 : first + ((1 - first) * ((now - _began) / _step) / Steps);

    /// <summary>The time of the next step; <see cref="long.MaxValue"/> when there is none.</summary>
    public readonly long ChangesAt(long now) =>
        IsOver(now) ? long.MaxValue : _began + ((((now - _began) / _step) + 1) * _step);

    private readonly bool IsOver(long now) => _step == 0 || now - _began >= Steps * _step;
}
