namespace Weft.Proxy;

/// <summary>How one attempt at one endpoint ended.</summary>
internal enum AttemptResult : byte
{
    /// <summary>The response reached the client whole.</summary>
    Delivered,

    /// <summary>The response began to reach the client and broke off.</summary>
    BrokenOff,

    /// <summary>Nobody waits for a response any more.</summary>
    ClientGone,

    /// <summary>The client's body broke the rules of its framing.</summary>
    ClientMalformed,

    /// <summary>It was answered, and the policy wants that tried again instead of being delivered.</summary>
    Unwanted,

    /// <summary>No connection: nothing was sent.</summary>
    ConnectFailed,

    /// <summary>No connection either: as many are in use as may be.</summary>
    PoolFull,

    /// <summary>The endpoint, or its connection, has not looked at the request and says so.</summary>
    Refused,

    /// <summary>A reused connection had closed: nothing was answered, and most likely nothing was seen.</summary>
    StaleConnection,

    /// <summary>The connection ended before the response's head was complete.</summary>
    UpstreamReset,

    /// <summary>What came back was no acceptable response.</summary>
    UpstreamMalformed,

    /// <summary>The endpoint does not switch to the protocol that the client asks for, and cannot say so to it.</summary>
    NotSwitched,

    /// <summary>A timer ended it before the response began.</summary>
    TimedOut,
}
