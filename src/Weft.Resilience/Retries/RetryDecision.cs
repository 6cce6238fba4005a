namespace Weft.Resilience;

/// <summary>How a request came to its end, as <c>weft_retries_total</c> says it.</summary>
public enum RetryOutcome
{
    /// <summary>No retry was wanted: the answer stands, and nothing is counted.</summary>
    None,

    /// <summary>A retry was made and succeeded. The caller of <see cref="RetryState"/> counts it.</summary>
    Success,

    /// <summary>A retry was made and failed for good. The caller of <see cref="RetryState"/> counts it.</summary>
    Failure,

    /// <summary>The service's budget is spent.</summary>
    Budget,

    /// <summary>The request has had all of its retries, or the endpoint forbade more.</summary>
    Limit,

    /// <summary>The wait would outlast the request's deadline, or is longer than any request is kept for.</summary>
    Deadline,

    /// <summary>Too much of the body had gone to be sent again.</summary>
    NotReplayable,
}

/// <summary>What to do after an attempt.</summary>
/// <param name="Again">Try again, after the wait.</param>
/// <param name="Wait">Nanoseconds until then.</param>
/// <param name="Outcome">Why not; <see cref="RetryOutcome.None"/> when it is tried again.</param>
public readonly record struct RetryDecision(bool Again, long Wait, RetryOutcome Outcome)
{
    internal static RetryDecision After(long wait) => new(true, wait, RetryOutcome.None);

    internal static RetryDecision No(RetryOutcome why) => new(false, 0, why);
}

/// <summary>The words of the metric's label.</summary>
public static class RetryOutcomes
{
    /// <summary>The label's value; empty for what is not counted.</summary>
    public static string Text(this RetryOutcome outcome) =>
        outcome switch
        {
            RetryOutcome.Success => "success",
            RetryOutcome.Failure => "failure",
            RetryOutcome.Budget => "budget",
            RetryOutcome.Limit => "limit",
            RetryOutcome.Deadline => "deadline",
            RetryOutcome.NotReplayable => "not_replayable",
            _ => "",
        };
}
