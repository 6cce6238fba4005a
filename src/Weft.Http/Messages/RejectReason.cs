namespace Weft.Http;

/// <summary>The rule that a message broke. One value per rule, so that a log line says which.</summary>
public enum RejectReason : byte
{
    None,

    // First line
    InvalidMethod,
    MethodTooLong,
    InvalidTarget,
    TargetTooLong,
    InvalidVersion,
    UnsupportedVersion,
    InvalidStatusLine,

    // Field lines
    BareLineFeed,
    BareCarriageReturn,
    ControlByte,
    ObsoleteFolding,
    WhitespaceBeforeColon,
    EmptyFieldName,
    InvalidFieldName,
    HeadTooLarge,
    TooManyFields,
    TooManyConnectionOptions,

    // Host
    MissingHost,
    RepeatedHost,
    InvalidHost,

    // Framing
    InvalidContentLength,
    RepeatedContentLength,
    LengthAndTransferEncoding,
    UnsupportedTransferEncoding,
    TransferEncodingInHttp10,
    BodyOnConnect,

    // Chunked bodies
    InvalidChunkSize,
    ChunkSizeTooLarge,
    ChunkExtensionsTooLarge,
    UnterminatedChunk,
    TrailersTooLarge,

    // HTTP/2 only
    InvalidPseudoHeader,
    ConnectionSpecificField,
    InvalidFieldValue,
    LengthMismatch,
    UnsupportedProtocol,

    // Decided by the connection
    HeadTimeout,
    BodyTooLarge,
    TooManyInterimResponses,
    UnexpectedProtocolSwitch,
    ProtocolNotSwitched,
    ProtocolNotOffered,
}
