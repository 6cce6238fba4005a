namespace Weft.Resilience;

/// <summary>A share of requests, chosen by chance: exact in expectation to 2^-64, never at 0 and always at 1.</summary>
public readonly record struct Percentage
{
    public static readonly Percentage None;

    private readonly ulong _threshold;
    private readonly bool _always;

    /// <summary>A share of all requests.</summary>
    /// <param name="share">0 to 1.</param>
    public Percentage(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "a share must be 0 to 1");
        _always = share == 1;
        _threshold = _always ? 0 : (ulong)(share * 18446744073709551616.0);
    }

    public bool Hits(LoopRandom random) => _always || (_threshold > 0 && random.NextUInt64() < _threshold);
}
