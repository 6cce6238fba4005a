namespace Weft.Resilience;

/// <summary>The kinds of failed attempts that are tried again; beside them there are sets of statuses.</summary>
[Flags]
public enum RetryConditions
{
    None = 0,

    /// <summary>No connection came about: nothing was sent.</summary>
    ConnectFailure = 1,

    /// <summary>The endpoint said that it has not looked at the request (HTTP/2 REFUSED_STREAM, or above GOAWAY's last stream).</summary>
    RefusedStream = 2,

    /// <summary>The connection ended before a response began.</summary>
    Reset = 4,

    /// <summary>Any status from 500 to 599.</summary>
    ServerError = 8,

    /// <summary>502, 503 and 504.</summary>
    GatewayError = 16,

    /// <summary>No response in the time for one attempt.</summary>
    AttemptTimeout = 32,

    /// <summary>409: the client's error that a second try may not meet.</summary>
    RetriableClientError = 64,
}
