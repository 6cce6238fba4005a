namespace Weft.Proxy;

/// <summary>Looks once whether an endpoint is well.</summary>
internal interface IHealthProbe
{
    /// <summary>What came of it, whatever the endpoint does; takes no longer than the target's timeout.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    Task<HealthResult> ProbeAsync(HealthTarget target, CancellationToken stop);
}
