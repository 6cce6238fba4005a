namespace Weft.Resilience;

/// <summary>A call between <see cref="Balancer.Start"/> and <see cref="Balancer.Finish(in StartedCall, long, long, CallOutcome)"/>.</summary>
/// <param name="Load">The endpoint that it went to.</param>
/// <param name="IsProbe">The endpoint is out of service, and how this call ends decides whether it comes back.</param>
public readonly record struct StartedCall(EndpointLoad Load, bool IsProbe);
