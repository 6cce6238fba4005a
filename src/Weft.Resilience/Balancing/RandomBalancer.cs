namespace Weft.Resilience;

/// <summary>By chance, in proportion to weight; load and failures make no difference.</summary>
internal sealed class RandomBalancer(LoopRandom random, BalancerOptions options) : Balancer(random, options)
{
    private protected override int Choose(ReadyEndpoints ready, long now) => ready.At(Random.NextDouble());
}
