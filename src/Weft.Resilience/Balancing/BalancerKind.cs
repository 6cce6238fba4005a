namespace Weft.Resilience;

/// <summary>The ways to choose an endpoint.</summary>
public enum BalancerKind
{
    /// <summary>Peak EWMA of latency, over power of two choices.</summary>
    Ewma,

    /// <summary>Fewest requests in flight for its weight, over power of two choices.</summary>
    LeastRequest,

    /// <summary>Each in its turn, heavier ones more often, evenly interleaved.</summary>
    RoundRobin,

    /// <summary>By chance alone.</summary>
    Random,

    /// <summary>The one that the request's key belongs to: requests with the same key go to the same endpoint.</summary>
    RingHash,
}
