namespace Weft.Http;

/// <summary>What came of waiting for a response's head.</summary>
public enum ResponseOutcome : byte
{
    /// <summary>A head was received.</summary>
    Head,

    /// <summary>The connection ended or broke before any byte of a response: on a reused connection, the request may never have been seen.</summary>
    ClosedUnanswered,

    /// <summary>The connection ended or broke in the middle of the head.</summary>
    ClosedMidway,

    /// <summary>What came is no acceptable response.</summary>
    Malformed,

    /// <summary>The peer says that it has not looked at the request (RFC 9113 section 8.7): it can be sent again, whatever it is.</summary>
    Refused,

    /// <summary>The request asks for a protocol that the connection cannot switch to (RFC 8441): nothing was sent, and sending it again is of no use.</summary>
    NotOffered,
}
