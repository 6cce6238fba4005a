namespace Weft.Resilience;

/// <summary>What a finished call says about the endpoint that served it.</summary>
public enum CallOutcome
{
    /// <summary>It did its work.</summary>
    Success,

    /// <summary>It failed: no connection, a reset, a timeout, or an answer that the policy counts as a failure.</summary>
    Failure,

    /// <summary>It says nothing, for example because the caller went away; only that it took at least this long.</summary>
    Ignored,
}
