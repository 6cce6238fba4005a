namespace Weft.Resilience;

/// <summary>
/// One look at all endpoints of a set: do weights say anything, are enough in service, and how much does the callers' own zone keep.
/// From that follows what each endpoint's share is.
/// </summary>
/// <remarks>
/// The rule of zones: with a share h of the local weight in service, the local zone gets min(1, h x overprovision) of the calls, and all
/// others what remains, in proportion to their weights. It is Envoy's rule of priorities (overprovisioning factor 140 %), with two levels. A
/// zone is taken to be made for its own callers; one that is not should have none of its endpoints called local.
/// </remarks>
internal sealed class Census(BalancerOptions options)
{
    private readonly long _slowStart = Nanoseconds.Of(options.SlowStart);
    private bool _weightsSaySomething;
    private bool _everybody;
    private double _localFactor;
    private double _remoteFactor;

    /// <summary>So few are in service that all are used.</summary>
    public bool IsPanic { get; private set; }

    /// <summary>When, without anybody's doing, the next census would find something else.</summary>
    public long ChangesAt { get; private set; }

    public void Take(
        ReadOnlySpan<EndpointLoad> endpoints,
        ReadOnlySpan<EndpointLoad> tried,
        bool evenUnavailable,
        long now
    )
    {
        _weightsSaySomething = false;
        ChangesAt = long.MaxValue;
        foreach (var endpoint in endpoints)
        {
            _weightsSaySomething |= endpoint.Weight > 0;
            endpoint.Ramp.Look(now, _slowStart);
            ChangesAt = Math.Min(ChangesAt, endpoint.ChangesAt(now));
        }

        var (members, inService) = (0, 0);
        foreach (var endpoint in endpoints)
        {
            if (WeightOf(endpoint) == 0)
                continue;
            members++;
            inService += endpoint.Takes(now) ? 1 : 0;
        }

        // The tolerance keeps 1 - 0.9 from being more than a tenth.
        IsPanic = inService < (options.PanicBelow * members) - 1e-9;
        _everybody = evenUnavailable || IsPanic;
        (_localFactor, _remoteFactor) = (1, 1);
        if (options.PreferLocal)
            DivideByZone(endpoints, tried, now);
    }

    /// <summary>The endpoint's own weight, whatever its state; 0 for one that never gets traffic.</summary>
    public double WeightOf(EndpointLoad load) => _weightsSaySomething ? load.Weight : 1;

    /// <summary>What counts in this census: 0 for one that is not to be picked.</summary>
    public double ShareOf(EndpointLoad load, long now) =>
        _everybody || load.Takes(now)
            ? WeightOf(load) * Warmth(load, now) * (load.IsLocal ? _localFactor : _remoteFactor)
            : 0;

    private double Warmth(EndpointLoad load, long now) => load.Ramp.Share(now, options.SlowStartFrom);

    private void DivideByZone(ReadOnlySpan<EndpointLoad> endpoints, ReadOnlySpan<EndpointLoad> tried, long now)
    {
        var (local, localInService, localLeft, remoteLeft) = (0.0, 0.0, 0.0, 0.0);
        foreach (var endpoint in endpoints)
        {
            var serves = _everybody || endpoint.Takes(now);
            var left =
                serves && !ReadyEndpoints.WasTried(endpoint, tried) ? WeightOf(endpoint) * Warmth(endpoint, now) : 0;
            if (endpoint.IsLocal)
            {
                local += WeightOf(endpoint);
                localInService += serves ? WeightOf(endpoint) : 0;
                localLeft += left;
            }
            else
            {
                remoteLeft += left;
            }
        }

        // With nobody left on one side there is nothing to divide.
        if (localLeft == 0 || remoteLeft == 0)
            return;
        var kept = Math.Min(1, localInService / local * options.Overprovision);
        _localFactor = kept / localLeft;
        _remoteFactor = (1 - kept) / remoteLeft;
    }
}
