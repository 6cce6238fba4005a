namespace Weft.Resilience;

/// <summary>What a service allows of retries. Immutable; one per service, shared by all loops.</summary>
public sealed record RetryPolicy
{
    public RetryConditions On { get; init; } =
        RetryConditions.ConnectFailure | RetryConditions.RefusedStream | RetryConditions.Reset;

    /// <summary>HTTP statuses to retry, beyond the conditions.</summary>
    public StatusSet Statuses { get; init; } = StatusSet.Empty;

    /// <summary>gRPC statuses to retry; for a gRPC response the HTTP status says nothing.</summary>
    public StatusSet GrpcStatuses { get; init; } = StatusSet.Empty;

    /// <summary>Retries of one request; 0 is none.</summary>
    public int Limit { get; init; } = 3;

    public Backoff Backoff { get; init; } =
        new(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(250), BackoffJitter.Full);

    /// <summary>An endpoint that wants to be left alone for longer is not waited for: the caller is answered instead.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Also retry what is somebody else's retry already (<c>weft-attempt</c> above 1).</summary>
    public bool RetryRetries { get; init; }

    /// <summary>Whether an attempt ended in a way that this policy wants tried again.</summary>
    public bool Wants(in AttemptReport report) =>
        report.End switch
        {
            AttemptEnd.ConnectFailed => Has(RetryConditions.ConnectFailure),
            AttemptEnd.RefusedStream => Has(RetryConditions.RefusedStream),
            AttemptEnd.Reset => Has(RetryConditions.Reset),
            AttemptEnd.TimedOut => Has(RetryConditions.AttemptTimeout),
            _ => report.GrpcStatus >= 0 ? GrpcStatuses.Contains(report.GrpcStatus) : WantsStatus(report.Status),
        };

    private bool WantsStatus(int status) =>
        (Has(RetryConditions.ServerError) && status is >= 500 and <= 599)
        || (Has(RetryConditions.GatewayError) && status is >= 502 and <= 504)
        || (Has(RetryConditions.RetriableClientError) && status == 409)
        || Statuses.Contains(status);

    private bool Has(RetryConditions condition) => (On & condition) != RetryConditions.None;
}
