namespace Weft.Resilience;

/// <summary>Whether an endpoint gets calls.</summary>
public enum EndpointState
{
    /// <summary>It does.</summary>
    Ready,

    /// <summary>It was taken out.</summary>
    Ejected,

    /// <summary>It was taken out, and the next call or one under way decides whether it comes back.</summary>
    Probing,

    /// <summary>Its owner has made it unavailable.</summary>
    Draining,
}
