namespace Weft.Proxy;

/// <content>Its active checks, where the service asks for them.</content>
internal sealed partial class UpstreamEndpoint
{
    private HealthTarget? _checked;
    private HealthWatch? _watch;
    private string? _checkFailure;

    /// <summary>Has it checked, in the way that fits what is known of it now. What is known already counts at once.</summary>
    public void BeginChecks()
    {
        if (_spec.HealthCheck is not { } spec)
        {
            return;
        }

        var target = new HealthTarget(Address, spec, Protocol, _spec.ProxyProtocol);
        if (target == _checked)
        {
            return;
        }

        var before = (_watch, _checked);
        _watch = _loop.Health.Watch(target, _loop.Loop, _name.Service, _name.Label, OnVerdict, out var verdict);
        _checked = target;
        before._watch?.End(before._checked!);
        OnVerdict(verdict);
    }

    /// <summary>Nobody needs to know any more; as long as that is so, nothing is held against it.</summary>
    public void EndChecks()
    {
        if (_watch is null)
        {
            return;
        }

        _watch.End(_checked!);
        (_watch, _checked) = (null, null);
        OnVerdict(HealthVerdict.Healthy);
    }

    private void OnVerdict(HealthVerdict verdict)
    {
        _checkFailure = verdict.Why;
        _name.HealthChecked(Load, verdict.IsHealthy);
    }
}
