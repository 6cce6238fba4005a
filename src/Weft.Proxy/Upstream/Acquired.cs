using Weft.Http;

namespace Weft.Proxy;

/// <summary>Why there is no connection for a request.</summary>
internal enum AcquireFailure : byte
{
    None,

    /// <summary>None could be made.</summary>
    Refused,

    /// <summary>As many are in use as may be, and none became free in time.</summary>
    Full,

    /// <summary>The request's own time ran out before.</summary>
    OutOfTime,
}

/// <summary>An exchange with an endpoint, or why there is none.</summary>
internal readonly record struct Acquired(ClientExchange? Exchange, AcquireFailure Failure, string? Message)
{
    public Acquired(ClientExchange exchange)
        : this(exchange, AcquireFailure.None, null) { }

    public static readonly Acquired Full = new(null, AcquireFailure.Full, null);

    public static readonly Acquired OutOfTime = new(null, AcquireFailure.OutOfTime, null);

    public static Acquired Refused(string message) => new(null, AcquireFailure.Refused, message);
}
