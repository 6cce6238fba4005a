namespace Weft.Resilience;

/// <summary>Why an endpoint was taken out.</summary>
public enum EjectionCause
{
    /// <summary>Calls failed one after the other.</summary>
    Consecutive,

    /// <summary>Too many calls failed.</summary>
    SuccessRate,

    /// <summary>Its health check fails.</summary>
    HealthCheck,

    /// <summary>It takes no connections.</summary>
    Connect,
}

/// <summary>The words of the metric's label, and what kind of knowledge a cause is.</summary>
public static class EjectionCauses
{
    public static string Text(this EjectionCause cause) =>
        cause switch
        {
            EjectionCause.Consecutive => "consecutive",
            EjectionCause.SuccessRate => "success-rate",
            EjectionCause.HealthCheck => "health-check",
            _ => "connect",
        };

    /// <summary>
    /// Failed calls make an endpoint suspect, and the fault may lie with the calls: such ejections have a limit. That it takes no
    /// connections or fails its check is certain.
    /// </summary>
    internal static bool IsSuspicion(this EjectionCause cause) =>
        cause is EjectionCause.Consecutive or EjectionCause.SuccessRate;
}
