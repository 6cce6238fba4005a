namespace Weft.Resilience;

/// <summary>
/// The bound on all extra attempts (retries, requeues, hedges) of one logical service, over all loops of a proxy: within any window
/// at most <c>ratio</c> of the window's requests plus <c>minPerSecond</c> for each of its seconds. An upstream that fails completely
/// then sees (1 + ratio) times its load and not a multiple of it. After Finagle's retry budget, but one per service for every kind
/// of extra attempt, and as a sliding window, so that what it allows can be said in one sentence.
/// </summary>
/// <remarks>
/// Every request deposits, a few of them withdraw; so a deposit is the cheap side. Each loop has a <see cref="RetryBudgetShare"/> that only it writes:
/// a deposit is an ordinary addition to memory that no other loop writes. A withdrawal adds itself to the one shared count first, then
/// adds up all shares, and takes itself back when it was one too many. Whoever is admitted has therefore seen all that were admitted
/// before, and the sum over all loops never exceeds the budget; when two loops race for the last one, both may be refused.
/// </remarks>
public sealed class RetryBudget
{
    private const long Millionth = 1_000_000;
    private readonly Lock _joining = new();
    private readonly SlidingCount _withdrawn;
    private readonly long _ratioMillionths;
    private readonly long _reserveMillionths;
    private volatile RetryBudgetShare[] _shares = [];

    /// <summary>A full budget of which nothing is spent.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public RetryBudget(RetryBudgetOptions options)
    {
        if (!(options.Ratio is >= 0 and <= 1000) || options.MinPerSecond < 0)
            throw new ArgumentException("the ratio must be 0 to 1000 and the minimum not below 0", nameof(options));
        if (options.Window < TimeSpan.FromMilliseconds(1) || options.Window > TimeSpan.FromDays(1))
            throw new ArgumentException("the window must be 1 ms to a day", nameof(options));
        Options = options;
        _withdrawn = new SlidingCount(Nanoseconds.Of(options.Window));
        _ratioMillionths = (long)Math.Round(options.Ratio * Millionth);
        _reserveMillionths = (long)(options.MinPerSecond * options.Window.TotalSeconds * Millionth);
    }

    public RetryBudgetOptions Options { get; }

    /// <summary>A loop begins to use the budget. Call once per loop and service; any thread.</summary>
    public RetryBudgetShare Join()
    {
        lock (_joining)
        {
            var share = new RetryBudgetShare(this);
            _shares = [.. _shares, share];
            return share;
        }
    }

    /// <summary>Extra attempts that could be made right now; never below 0. Any thread.</summary>
    public long Balance(long now) => Math.Max(0, Allowed(now) - _withdrawn.Sum(now));

    internal bool TryWithdraw(long now)
    {
        _withdrawn.AddShared(now);
        if (_withdrawn.Sum(now) <= Allowed(now))
            return true;
        _withdrawn.TakeBackShared(now);
        return false;
    }

    internal void Leave(RetryBudgetShare share)
    {
        lock (_joining)
            _shares = [.. _shares.Where(other => other != share)];
    }

    private long Allowed(long now)
    {
        var requests = 0L;
        foreach (var share in _shares)
            requests += share.Requests(now);
        return ((requests * _ratioMillionths) + _reserveMillionths) / Millionth;
    }
}
