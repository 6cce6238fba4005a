namespace Weft.Discovery;

/// <summary>
/// How long to wait after failures: half of the step is fixed and half is chance, from the first failure on, so that those who
/// lost a backend together do not come back to it together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    private int _failures;

    /// <summary>The next failure counts as the first.</summary>
    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        // The shift is bounded, or it would wrap around.
        var ticks = Math.Min(max.Ticks, first.Ticks * (double)(1L << Math.Min(_failures, 30)));
        _failures++;
        double chance;
        lock (random)
        {
            chance = random.NextDouble();
        }
        return new TimeSpan((long)(ticks * (0.5 + (0.5 * chance))));
    }
}
