using Weft.Resilience;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What one loop keeps of one logical service's policy: immutable rules, and its share of what is bounded.</summary>
internal sealed class ServicePolicy
{
    private readonly LoopState _loop;
    private readonly CallPolicy?[] _byRule;
    private readonly string _label;
    private readonly RetrySlots _retrySlots;

    public ServicePolicy(LoopState loop, Naming.Path name, string label, ServiceSpec spec, RouteTable? routes)
    {
        _loop = loop;
        _label = label;
        _byRule = new CallPolicy?[routes?.Rules.Count ?? 0];
        Spec = spec;
        Shared = loop.Services.Acquire(SharedServiceKey.Of(loop.Direction, name, spec));
        Budget = Shared.Budget.Join();
        _retrySlots = new RetrySlots(loop.Metrics, loop.Direction, label);
        Default = new CallPolicy(
            this,
            null,
            spec.Timeouts,
            spec.Retries is { } retries ? new RetryRules(retries) : null
        );
        RateKey = Shared.KeyedRate is null ? null : new RequestKey(spec.RateLimit!.Key);
        if (spec.Concurrency is { } concurrency)
        {
            Concurrency = new AdaptiveLimit(
                new AdaptiveLimitOptions
                {
                    Initial = concurrency.Initial,
                    Min = concurrency.Min,
                    Max = concurrency.Max,
                    Tolerance = 1 + concurrency.Tolerance,
                },
                loop.Random
            );
        }

        if (spec.Hedge is { } hedge)
        {
            Hedging = new Hedging(
                new HedgePolicy
                {
                    After = hedge.After,
                    AfterQuantile = hedge.After is null ? hedge.AfterPercentile / 100 : null,
                    Max = hedge.Max,
                }
            );
        }
    }

    public ServiceSpec Spec { get; }

    /// <summary>What the other loops use too.</summary>
    public SharedService Shared { get; }

    public RetryBudgetShare Budget { get; }

    /// <summary>A bound of the requests in flight that follows latency, for this loop; null without one.</summary>
    public AdaptiveLimit? Concurrency { get; }

    /// <summary>When a request that waits is sent once more; null when none is.</summary>
    public Hedging? Hedging { get; }

    /// <summary>What has a rate of its own; null when all requests have one together, or none.</summary>
    public RequestKey? RateKey { get; }

    /// <summary>For requests that take no rule.</summary>
    public CallPolicy Default { get; }

    /// <summary>For requests that take a rule of the service's routes.</summary>
    public CallPolicy Of(CompiledRule rule) =>
        _byRule[rule.Index] ??= new CallPolicy(
            this,
            rule,
            rule.Timeouts,
            rule.Retries is { } retries ? new RetryRules(retries) : null
        )
        {
            Mirrors = rule.Mirrors.Count > 0 ? new RuleMirrors(_loop, _label, rule.Mirrors) : null,
        };

    /// <summary>Counts how the further attempts of a request came out.</summary>
    public void Count(MetricShard shard, RetryOutcome outcome) => _retrySlots.Count(shard, outcome);

    /// <summary>The loop does not need it any more.</summary>
    public void Release()
    {
        _retrySlots.Release();
        foreach (var policy in _byRule)
        {
            policy?.Mirrors?.Release();
        }

        Budget.Leave();
        _loop.Services.Release(Shared);
    }
}
