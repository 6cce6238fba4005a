namespace Weft.Resilience;

/// <summary>Told what a balancer does with its endpoints, for metrics and logs. Called on the balancer's loop, in the midst of its work: must not call back.</summary>
public interface IEjectionWatcher
{
    /// <summary>An endpoint was taken out, or a probe of one that was out failed.</summary>
    /// <param name="load">Which.</param>
    /// <param name="cause">Why.</param>
    /// <param name="wait">Nanoseconds until it is probed; <see cref="long.MaxValue"/> when that does not depend on time.</param>
    void OnEjected(EndpointLoad load, EjectionCause cause, long wait);

    /// <summary>An endpoint should have been taken out, but enough others are out already.</summary>
    void OnEjectionRefused(EndpointLoad load, EjectionCause cause);

    /// <summary>An endpoint is in service again.</summary>
    void OnRestored(EndpointLoad load);

    /// <summary>So few endpoints are in service that from now on all are used, or no longer so.</summary>
    void OnPanic(bool begins);
}
