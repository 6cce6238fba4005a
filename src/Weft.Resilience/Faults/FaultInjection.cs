namespace Weft.Resilience;

/// <summary>What is done to a request on purpose.</summary>
/// <param name="Delay">Nanoseconds to hold it; 0 is not at all.</param>
/// <param name="Status">The status to answer it with, after the delay; 0 lets it pass.</param>
public readonly record struct InjectedFault(long Delay, int Status);

/// <summary>Faults for testing resilience: a share of requests is delayed, a share answered with an error, each by a chance of its own. Immutable.</summary>
public sealed class FaultInjection
{
    private readonly long _delay;
    private readonly Percentage _delayed;
    private readonly int _status;
    private readonly Percentage _aborted;

    /// <summary>What is done to how many.</summary>
    /// <param name="delay">How long, not below 0.</param>
    /// <param name="delayed">Which share of requests.</param>
    /// <param name="status">200 to 599; not looked at when <paramref name="aborted"/> is none.</param>
    /// <param name="aborted">Which share of requests.</param>
    public FaultInjection(TimeSpan delay, Percentage delayed, int status, Percentage aborted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (aborted != Percentage.None && status is < 200 or > 599)
            throw new ArgumentOutOfRangeException(nameof(status), status, "a status must be 200 to 599");
        (_delay, _delayed, _status, _aborted) = (Nanoseconds.Of(delay), delayed, status, aborted);
    }

    /// <summary>Decides for one request. The two chances are independent: half delayed and half aborted makes a quarter both.</summary>
    public InjectedFault Decide(LoopRandom random) =>
        new(_delayed.Hits(random) ? _delay : 0, _aborted.Hits(random) ? _status : 0);
}
