namespace Weft.Resilience;

/// <summary>
/// Of two drawn endpoints, the one with fewer calls in flight for its weight. Each failure to be expected counts as one more
/// call: an endpoint that fails fast has few in flight, and would draw all load otherwise.
/// </summary>
internal sealed class LeastRequestBalancer(LoopRandom random, BalancerOptions options) : Balancer(random, options)
{
    private protected override int Choose(ReadyEndpoints ready, long now)
    {
        var (first, second) = PowerOfTwoChoices.Draw(ready, Random);
        return first == second || Load(ready, first, now) <= Load(ready, second, now) ? first : second;
    }

    private double Load(ReadyEndpoints ready, int index, long now)
    {
        var load = ready[index];
        if (load.Circuit.AwaitsProbe(now))
            return 0; // What failed long ago must not keep it from being tried.
        return (load.InFlight * ready.Lightness(index)) + load.History.FailureOdds(now, Decay);
    }
}
