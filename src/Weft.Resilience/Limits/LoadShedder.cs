namespace Weft.Resilience;

/// <summary>When an inbound proxy turns requests away before they reach the application.</summary>
public sealed record LoadShedderOptions
{
    public static readonly LoadShedderOptions Default = new();

    /// <summary>A request may wait this long before it is looked at, again and again, without anything being wrong.</summary>
    public TimeSpan TargetDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A delay above the target counts once the shortest of this long is above it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The share of requests, below 1, beyond which none more are turned away for delay: some must get through to measure it.</summary>
    public double MostShed { get; init; } = 0.95;
}

/// <summary>Why a request was turned away, if it was.</summary>
public enum ShedReason
{
    None,

    /// <summary>As many are in flight as the limit allows.</summary>
    Concurrency,

    /// <summary>Requests wait too long before they are looked at.</summary>
    Delay,
}

/// <summary>
/// Decides for each inbound request whether the application is to see it. Two signs of overload: more in flight than the limit that latency has
/// shown to be good (<see cref="AdaptiveLimit"/>), and requests that wait before they are looked at, as CoDel judges it (Nichols, Jacobson,
/// "Controlling Queue Delay", ACM Queue, 2012): not that some wait matters, but that all did for a whole interval. Then a share of requests is
/// turned away, larger with each bad interval and half as large after each good one. For one loop.
/// </summary>
public sealed class LoadShedder
{
    private const double Step = 0.1;
    private const double Negligible = 0.01;

    private readonly AdaptiveLimit? _limit;
    private readonly LoopRandom _random;
    private readonly LoadShedderOptions _options;
    private readonly long _target;
    private readonly long _interval;
    private long _began = long.MinValue;
    private long _shortest = long.MaxValue;

    /// <summary>Nothing is turned away yet.</summary>
    /// <param name="options">The bounds of delay.</param>
    /// <param name="limit">The bound on requests in flight; null is none.</param>
    /// <param name="random">The loop's chance.</param>
    public LoadShedder(LoadShedderOptions options, AdaptiveLimit? limit, LoopRandom random)
    {
        if (
            options.TargetDelay < TimeSpan.Zero
            || options.Interval <= TimeSpan.Zero
            || options.MostShed is not (>= 0 and < 1)
        )
            throw new ArgumentException(
                "delays must not be negative, and the most that is shed below 1",
                nameof(options)
            );
        (_options, _limit, _random) = (options, limit, random);
        (_target, _interval) = (Nanoseconds.Of(options.TargetDelay), Nanoseconds.Of(options.Interval));
    }

    /// <summary>The share of requests that is turned away for delay at present.</summary>
    public double ShedShare { get; private set; }

    /// <summary>Decides; a request that is let in is ended by <see cref="Exit"/>.</summary>
    /// <param name="now">The loop's clock.</param>
    /// <param name="delay">Nanoseconds that it waited: from the bytes' arrival, as far as that can be known, to now.</param>
    public ShedReason Admit(long now, long delay)
    {
        Observe(now, delay);
        if (ShedShare > 0 && _random.NextDouble() < ShedShare)
            return ShedReason.Delay;
        return _limit is null || _limit.TryEnter() ? ShedReason.None : ShedReason.Concurrency;
    }

    /// <summary>A request that was let in has ended.</summary>
    public void Exit(long now, long latency, CallOutcome outcome) => _limit?.Exit(now, latency, outcome);

    private void Observe(long now, long delay)
    {
        _shortest = Math.Min(_shortest, delay);
        if (_began == long.MinValue)
            _began = now;
        if (now - _began < _interval)
            return;
        ShedShare = _shortest > _target ? Math.Min(_options.MostShed, ShedShare + Step) : ShedShare / 2;
        if (ShedShare < Negligible)
            ShedShare = 0;
        (_began, _shortest) = (now, long.MaxValue);
    }
}
