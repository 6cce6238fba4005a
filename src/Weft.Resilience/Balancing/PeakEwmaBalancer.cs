namespace Weft.Resilience;

/// <summary>
/// Of two drawn endpoints, the one where the call will cost less: expected latency plus a penalty for each failure to be
/// expected, times the calls that will share the endpoint. An endpoint of which nothing is known (or nothing recent) gets
/// one call at a time until it has answered.
/// </summary>
internal sealed class PeakEwmaBalancer(LoopRandom random, BalancerOptions options) : Balancer(random, options)
{
    // Above every cost that a measurement can make, as in Finagle: only another cold endpoint compares to it.
    private const double ColdAndBusy = long.MaxValue >> 16;

    // Costs nearer to each other than this are the same, and chance, which knows the weights, decides. Otherwise the endpoint that
    // was measured last would look dearer than its equal just because its peak has decayed less.
    private const double SameWithin = 0.8;

    private protected override int Choose(ReadyEndpoints ready, long now)
    {
        var (first, second) = PowerOfTwoChoices.Draw(ready, Random);
        return first == second || SameWithin * Cost(ready, first, now) <= Cost(ready, second, now) ? first : second;
    }

    private double Cost(ReadyEndpoints ready, int index, long now)
    {
        var load = ready[index];
        if (load.Circuit.AwaitsProbe(now))
            return 0; // What failed long ago must not keep it from being tried.

        // In flight counts by weight: twice the weight means twice the calls at the same cost each.
        var sharing = load.InFlight * ready.Lightness(index);
        if (load.History.IsCold(now, Decay) && load.InFlight > 0)
            return ColdAndBusy * (1 + sharing);
        var expected = load.History.Latency(now, Decay) + (load.History.FailureOdds(now, Decay) * FailurePenalty);
        return expected * (1 + sharing);
    }
}
