using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>The check of one target, and those who want to know. Guarded by <see cref="HealthChecks"/>.</summary>
internal sealed class HealthCheck(HealthTarget target)
{
    private readonly HealthCheckState _state = new(target.Spec.Healthy, target.Spec.Unhealthy);

    public HealthTarget Target { get; } = target;

    public HashSet<HealthWatch> Watches { get; } = [];

    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Runs the checks; ends when <see cref="Stop"/> says so.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    public HealthVerdict Verdict { get; private set; } = HealthVerdict.Healthy;

    /// <summary>Takes a result in. True when the verdict, or what is said of it, has changed.</summary>
    public bool Observe(in HealthResult result)
    {
        _state.Observe(result.Outcome == HealthOutcome.Success);
        var next =
            _state.IsHealthy ? HealthVerdict.Healthy
            : result.Why is null ? Verdict // It passes again, and not often enough yet.
            : new HealthVerdict(IsHealthy: false, result.Why);
        if (next == Verdict)
        {
            return false;
        }

        Verdict = next;
        return true;
    }
}
