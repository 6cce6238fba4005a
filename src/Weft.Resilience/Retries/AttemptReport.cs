namespace Weft.Resilience;

/// <summary>How an attempt ended.</summary>
public enum AttemptEnd
{
    /// <summary>With a response: the status decides.</summary>
    Answered,

    /// <summary>No connection came about.</summary>
    ConnectFailed,

    /// <summary>The endpoint refused to look at it.</summary>
    RefusedStream,

    /// <summary>The connection ended before the response began.</summary>
    Reset,

    /// <summary>The attempt's own time ran out, not the request's.</summary>
    TimedOut,
}

/// <summary>What is known of an attempt when it has ended.</summary>
/// <param name="End">How.</param>
/// <param name="Status">The HTTP status when it was answered.</param>
/// <param name="GrpcStatus">The gRPC status when there is one, otherwise -1.</param>
/// <param name="Hold">What the endpoint asked of those who would come again.</param>
public readonly record struct AttemptReport(
    AttemptEnd End,
    int Status = 0,
    int GrpcStatus = -1,
    RetryHold Hold = default
);
