namespace Weft.Http;

/// <summary>Where an HTTP/1.1 server connection stands.</summary>
internal enum Http1ServerPhase : byte
{
    /// <summary>No byte of a request has arrived.</summary>
    Idle,

    /// <summary>Part of a head has arrived.</summary>
    Head,

    /// <summary>A request is being served.</summary>
    Exchange,

    /// <summary>The last response is out; the connection is about to close.</summary>
    Closing,
}
