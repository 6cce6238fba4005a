namespace Weft.Proxy;

/// <summary>Why a proxy answered itself instead of passing an answer on: the closed list of the contract.</summary>
public enum ErrorReason : byte
{
    BadRequest,
    NotIdentified,
    BadDtab,
    NoRoute,
    ClientTimeout,
    BodyTooLarge,
    UriTooLong,
    HeadersTooLarge,
    ConnectFailed,
    UpstreamReset,
    UpstreamProtocol,
    NoBinding,
    NoEndpoints,
    CircuitOpen,
    RateLimited,
    Overloaded,
    BindingTimeout,
    Draining,
    AttemptTimeout,
    Deadline,
    Loop,
    Internal,
}

/// <summary>The words and statuses of the reasons.</summary>
public static class ErrorReasons
{
    public const int Count = (int)ErrorReason.Internal + 1;

    /// <summary>As it stands in <c>weft-error</c>, metrics and logs.</summary>
    public static string Text(this ErrorReason reason) =>
        reason switch
        {
            ErrorReason.BadRequest => "bad-request",
            ErrorReason.NotIdentified => "not-identified",
            ErrorReason.BadDtab => "bad-dtab",
            ErrorReason.NoRoute => "no-route",
            ErrorReason.ClientTimeout => "client-timeout",
            ErrorReason.BodyTooLarge => "body-too-large",
            ErrorReason.UriTooLong => "uri-too-long",
            ErrorReason.HeadersTooLarge => "headers-too-large",
            ErrorReason.ConnectFailed => "connect-failed",
            ErrorReason.UpstreamReset => "upstream-reset",
            ErrorReason.UpstreamProtocol => "upstream-protocol",
            ErrorReason.NoBinding => "no-binding",
            ErrorReason.NoEndpoints => "no-endpoints",
            ErrorReason.CircuitOpen => "circuit-open",
            ErrorReason.RateLimited => "rate-limited",
            ErrorReason.Overloaded => "overloaded",
            ErrorReason.BindingTimeout => "binding-timeout",
            ErrorReason.Draining => "draining",
            ErrorReason.AttemptTimeout => "attempt-timeout",
            ErrorReason.Deadline => "deadline",
            ErrorReason.Loop => "loop",
            _ => "internal",
        };

    /// <summary>The status of the response.</summary>
    public static int Status(this ErrorReason reason) =>
        reason switch
        {
            ErrorReason.BadRequest or ErrorReason.NotIdentified or ErrorReason.BadDtab => 400,
            ErrorReason.NoRoute => 404,
            ErrorReason.ClientTimeout => 408,
            ErrorReason.BodyTooLarge => 413,
            ErrorReason.UriTooLong => 414,
            ErrorReason.HeadersTooLarge => 431,
            ErrorReason.RateLimited => 429,
            ErrorReason.ConnectFailed or ErrorReason.UpstreamReset or ErrorReason.UpstreamProtocol => 502,
            ErrorReason.NoBinding
            or ErrorReason.NoEndpoints
            or ErrorReason.CircuitOpen
            or ErrorReason.Overloaded
            or ErrorReason.BindingTimeout
            or ErrorReason.Draining => 503,
            ErrorReason.AttemptTimeout or ErrorReason.Deadline => 504,
            ErrorReason.Loop => 508,
            _ => 500,
        };
}
