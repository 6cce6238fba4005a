namespace Weft.Resilience;

/// <summary>
/// Which requests are also sent to a shadow, and how many copies may be in flight: a shadow that is slow loses copies and never delays or
/// fails an original. For one loop.
/// </summary>
public sealed class Mirroring
{
    private readonly Percentage _share;
    private readonly int _maxInFlight;

    /// <summary>No copies are in flight.</summary>
    /// <param name="share">Which share of requests.</param>
    /// <param name="maxInFlight">Copies in flight on this loop, at least 1.</param>
    public Mirroring(Percentage share, int maxInFlight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxInFlight, 1);
        (_share, _maxInFlight) = (share, maxInFlight);
    }

    public int InFlight { get; private set; }

    /// <summary>Copies that were not made because too many were in flight.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether a copy of this request is sent; one that is ends with <see cref="End"/>.</summary>
    public bool TryBegin(LoopRandom random)
    {
        if (!_share.Hits(random))
            return false;
        if (InFlight >= _maxInFlight)
        {
            Dropped++;
            return false;
        }

        InFlight++;
        return true;
    }

    public void End()
    {
        if (InFlight == 0)
            throw new InvalidOperationException("a copy ended that was not begun");
        InFlight--;
    }
}
