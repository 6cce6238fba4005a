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
}
