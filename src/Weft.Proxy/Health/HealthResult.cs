namespace Weft.Proxy;

/// <summary>How one check came out.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Why">What was wrong, as the end of a sentence; null when nothing was.</param>
internal readonly record struct HealthResult(HealthOutcome Outcome, string? Why)
{
    public static readonly HealthResult Success = new(HealthOutcome.Success, null);
}

/// <summary>The values of the metric's label.</summary>
internal enum HealthOutcome
{
    Success,

    /// <summary>No connection came about.</summary>
    ConnectFailed,

    /// <summary>The check's time was over before it had an answer.</summary>
    Timeout,

    /// <summary>It answered something else than it should, or broke the connection off.</summary>
    WrongAnswer,
}

/// <summary>The words of the metric's label.</summary>
internal static class HealthOutcomes
{
    public static string Text(this HealthOutcome outcome) =>
        outcome switch
        {
            HealthOutcome.Success => "success",
            HealthOutcome.ConnectFailed => "connect-failed",
            HealthOutcome.Timeout => "timeout",
            _ => "wrong-answer",
        };
}

/// <summary>What follows from an endpoint's checks.</summary>
/// <param name="IsHealthy">It may be called.</param>
/// <param name="Why">What the latest failed check found; null while it is healthy.</param>
internal sealed record HealthVerdict(bool IsHealthy, string? Why)
{
    public static readonly HealthVerdict Healthy = new(IsHealthy: true, null);
}
