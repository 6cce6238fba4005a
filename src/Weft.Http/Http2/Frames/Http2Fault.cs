namespace Weft.Http;

/// <summary>How far an error reaches (RFC 9113 section 5.4).</summary>
internal enum FaultScope : byte
{
    None,
    Stream,
    Connection,
}

/// <summary>A broken rule as a value: what the peer is told, and what is recorded when the connection ends because of it.</summary>
internal readonly record struct Http2Fault(FaultScope Scope, Http2ErrorCode Code, Http2EndReason Reason)
{
    public static readonly Http2Fault None;

    public bool IsNone => Scope == FaultScope.None;

    public static Http2Fault Stream(Http2ErrorCode code) => new(FaultScope.Stream, code, Http2EndReason.None);

    public static Http2Fault Connection(Http2ErrorCode code) =>
        new(
            FaultScope.Connection,
            code,
            code switch
            {
                Http2ErrorCode.FlowControlError => Http2EndReason.FlowControlError,
                Http2ErrorCode.FrameSizeError => Http2EndReason.FrameSizeError,
                Http2ErrorCode.CompressionError => Http2EndReason.CompressionError,
                Http2ErrorCode.StreamClosed => Http2EndReason.StreamClosed,
                _ => Http2EndReason.ProtocolError,
            }
        );

    /// <summary>The peer does what nobody who wants to be served does (RFC 9113 section 10.5).</summary>
    public static Http2Fault Flood(Http2EndReason reason) =>
        new(FaultScope.Connection, Http2ErrorCode.EnhanceYourCalm, reason);
}
