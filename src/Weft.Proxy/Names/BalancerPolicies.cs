using Weft.Resilience;
using Weft.Resources;
using Balancing = Weft.Resilience.BalancerKind;

namespace Weft.Proxy;

/// <summary>From what a Service document says of endpoints to what the balancers and circuit breakers are given.</summary>
internal static class BalancerPolicies
{
    // With nobody left in service everybody is tried: an endpoint that has come back is found at once.
    private const double PanicWhenEmpty = 1e-6;

    public static Balancing KindOf(Resources.BalancerKind kind) =>
        kind switch
        {
            Resources.BalancerKind.LeastRequest => Balancing.LeastRequest,
            Resources.BalancerKind.RoundRobin => Balancing.RoundRobin,
            Resources.BalancerKind.Random => Balancing.Random,
            Resources.BalancerKind.RingHash => Balancing.RingHash,
            _ => Balancing.Ewma,
        };

    public static BalancerOptions Of(ServiceSpec spec)
    {
        var (balancer, breaker) = (spec.Balancer, spec.Breaker);
        var options = new BalancerOptions
        {
            SlowStart = balancer.SlowStart ?? TimeSpan.Zero,
            PreferLocal = balancer.Zones is not null,
            // Without a breaker or checks nobody is out but who takes no connections.
            PanicBelow = Math.Max(
                balancer.Panic,
                breaker is not null ? 1 - breaker.MaxEjected
                    : spec.HealthCheck is not null ? 0
                    : PanicWhenEmpty
            ),
        };
        if (balancer.Zones is { } zones)
        {
            options = options with { Overprovision = zones.Failover > 0.001 ? 1 / zones.Failover : 1000 };
        }

        return breaker is null
            ? options
            : options with
            {
                MaxEjected = breaker.MaxEjected,
                Breaker = new BreakerPolicy
                {
                    ConsecutiveFailures = breaker.ConsecutiveFailures,
                    SuccessRate = breaker.SuccessRate is { } rate
                        ? new SuccessRate(rate.Below, rate.Window, rate.MinRequests)
                        : null,
                    Backoff = BackoffOf(breaker.Backoff),
                },
            };
    }

    public static Backoff BackoffOf(BackoffSpec spec) =>
        new(
            spec.Base,
            spec.Max,
            spec.Jitter switch
            {
                Jitter.None => BackoffJitter.None,
                Jitter.Equal => BackoffJitter.Equal,
                Jitter.Decorrelated => BackoffJitter.Decorrelated,
                _ => BackoffJitter.Full,
            }
        );
}
