using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>A call under way at one endpoint of a concrete name.</summary>
/// <param name="Name">Whose endpoint it is.</param>
/// <param name="Endpoint">Where it was sent.</param>
/// <param name="Started">What the balancer remembers of it.</param>
internal readonly record struct Call(ConcreteName Name, UpstreamEndpoint Endpoint, StartedCall Started)
{
    /// <summary>It has ended.</summary>
    public void Finish(long nowNanoseconds, long latencyNanoseconds, CallOutcome outcome) =>
        Name.Finish(this, nowNanoseconds, latencyNanoseconds, outcome);
}
