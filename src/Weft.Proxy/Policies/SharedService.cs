using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What tells one service's shared state from another's: other settings make a state of their own.</summary>
internal sealed record SharedServiceKey(
    Direction Direction,
    Naming.Path Name,
    RetryBudgetSpec Budget,
    int MaxRequests,
    RateLimitSpec? Rate
)
{
    public static SharedServiceKey Of(Direction direction, Naming.Path name, ServiceSpec spec) =>
        new(direction, name, spec.Retries?.Budget ?? new RetryBudgetSpec(), spec.Pool.MaxRequests, spec.RateLimit);
}

/// <summary>What all loops of a proxy keep of one logical service together, because its bound holds for all of them: from any thread.</summary>
internal sealed class SharedService
{
    // Keys of a rate limit that have buckets of their own at a time.
    private const int RateKeys = 16 * 1024;

    public SharedService(SharedServiceKey key, ulong seed)
    {
        Key = key;
        Budget = new RetryBudget(
            new RetryBudgetOptions
            {
                Ratio = key.Budget.Ratio,
                Window = key.Budget.Window,
                MinPerSecond = key.Budget.MinPerSecond,
            }
        );
        Requests = key.MaxRequests > 0 ? new ConcurrencyLimit(key.MaxRequests) : null;
        if (key.Rate is { Key: "service" } whole)
        {
            Rate = new RateLimit(whole.Requests, whole.Per, whole.Burst);
        }
        else if (key.Rate is { } keyed)
        {
            KeyedRate = new KeyedRateLimit(keyed.Requests, keyed.Per, keyed.Burst, RateKeys, seed);
        }
    }

    public SharedServiceKey Key { get; }

    /// <summary>Bounds every extra attempt: retries, requeues, hedges.</summary>
    public RetryBudget Budget { get; }

    /// <summary>Bounds the requests in flight; null without a bound.</summary>
    public ConcurrencyLimit? Requests { get; }

    /// <summary>The rate of all requests together; null without one.</summary>
    public RateLimit? Rate { get; }

    /// <summary>The rate of each client or header value; null without one.</summary>
    public KeyedRateLimit? KeyedRate { get; }

    /// <summary>Loops that use it; guarded by <see cref="SharedServices"/>.</summary>
    internal int Users { get; set; }
}
