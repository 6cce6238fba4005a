namespace Weft.Http;

/// <summary>Why an HTTP/2 connection ended. Every end has exactly one.</summary>
public enum Http2EndReason : byte
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The peer closed it.</summary>
    PeerClosed,

    /// <summary>It was reset by the peer or the network.</summary>
    Lost,

    /// <summary>It was aborted here.</summary>
    Aborted,

    /// <summary>It was drained: its last stream has ended.</summary>
    Drained,

    /// <summary>The peer said GOAWAY, and its last stream has ended.</summary>
    PeerGoAway,

    /// <summary>Nobody used it for a while.</summary>
    Idle,

    /// <summary>What came first was no HTTP/2 preface.</summary>
    BadPreface,

    // What the peer broke
    ProtocolError,
    FlowControlError,
    FrameSizeError,
    CompressionError,
    StreamClosed,

    // What the peer did not do in time
    SettingsTimeout,
    PingTimeout,
    HeadersTimeout,
    SendTimeout,

    // What the peer did too much of
    ResetFlood,
    ContinuationFlood,
    FrameFlood,
    ControlQueueFull,
}
