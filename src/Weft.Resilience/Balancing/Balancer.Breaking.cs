namespace Weft.Resilience;

/// <content>Who is taken out of service, and who comes back.</content>
public abstract partial class Balancer
{
    /// <summary>Told of ejections and returns; null when nobody wants to know.</summary>
    public IEjectionWatcher? Watcher { get; set; }

    /// <summary>Endpoints that should have been taken out and were not, because enough others were.</summary>
    public long EjectionsRefused { get; private set; }

    /// <summary>No connection to an endpoint came about, for a reason that lies with it and not with a caller in a hurry.</summary>
    public void ConnectFailed(EndpointLoad load, long now)
    {
        // Of several that were tried at once it is down once, not many times.
        if (load.Circuit.IsClosed || load.Circuit.IsProbing)
            Eject(load, EjectionCause.Connect, Options.ConnectBackoff, now);
    }

    /// <summary>A connection to an endpoint came about: if that was what was wrong with it, it is in service again.</summary>
    public void Connected(EndpointLoad load)
    {
        if (!load.Circuit.IsClosed && load.Circuit.Cause == EjectionCause.Connect)
            Restore(load);
    }

    /// <summary>An endpoint's health check has made up its mind (<see cref="HealthCheckState"/>). Saying the same again is harmless.</summary>
    public void HealthChecked(EndpointLoad load, bool healthy)
    {
        if (load.IsUnhealthy == !healthy)
            return;
        load.IsUnhealthy = !healthy;
        load.Owner?.Invalidate();
        if (!healthy)
        {
            Watcher?.OnEjected(load, EjectionCause.HealthCheck, long.MaxValue);
            return;
        }

        // Whoever was checked took a connection. What its calls said of it is another matter: it must pass a probe.
        if (!load.Circuit.IsClosed && load.Circuit.Cause != EjectionCause.Connect)
            return;
        Restore(load);
    }

    private bool BeginProbe(EndpointLoad load, long now)
    {
        if (!load.Circuit.Start(now))
            return false;
        Invalidate(); // One at a time.
        return true;
    }

    private void EndProbe(EndpointLoad load, long now, CallOutcome outcome)
    {
        if (!load.Circuit.IsProbing)
            return; // Another probe, or a refused connection, has decided already.
        if (outcome == CallOutcome.Success)
        {
            Restore(load);
        }
        else if (outcome == CallOutcome.Failure)
        {
            var cause = load.Circuit.Cause;
            var backoff =
                cause.IsSuspicion() && Options.Breaker is { } breaker ? breaker.Backoff : Options.ConnectBackoff;
            Eject(load, cause, backoff, now);
        }
        else
        {
            load.Circuit.ProbeAgain(now);
            load.Owner?.Invalidate();
        }
    }

    private void Judge(EndpointLoad load, BreakerPolicy breaker, long now, bool success)
    {
        load.Failures ??= new FailureHistory(breaker);
        if (load.Failures.Observe(now, success) is not { } cause || load.Owner is null)
            return;
        if (MayEjectOneMore())
        {
            Eject(load, cause, breaker.Backoff, now);
            return;
        }

        EjectionsRefused++;
        Watcher?.OnEjectionRefused(load, cause);
    }

    /// <summary>Whether the limit leaves room; those who are out for certain reasons count too.</summary>
    private bool MayEjectOneMore()
    {
        var (members, weighted, outMembers, outWeighted) = (0, 0, 0, 0);
        foreach (var endpoint in _endpoints)
        {
            members++;
            outMembers += endpoint.IsOut ? 1 : 0;
            if (endpoint.Weight == 0)
                continue;
            weighted++;
            outWeighted += endpoint.IsOut ? 1 : 0;
        }

        // Those who get no traffic do not stand in for those who do.
        var (all, gone) = weighted > 0 ? (weighted, outWeighted) : (members, outMembers);
        return gone + 1 <= Math.Floor((Options.MaxEjected * all) + 1e-9);
    }

    private void Eject(EndpointLoad load, EjectionCause cause, Backoff backoff, long now)
    {
        var wait = load.Circuit.Trip(cause, backoff, now, Random);
        load.Owner?.Invalidate();
        Watcher?.OnEjected(load, cause, wait);
    }

    private void Restore(EndpointLoad load)
    {
        load.Circuit.Close();
        load.Failures?.Clear();
        load.History = default;
        load.Ramp.Restart();
        load.Owner?.Invalidate();
        if (!load.IsUnhealthy)
            Watcher?.OnRestored(load);
    }
}
