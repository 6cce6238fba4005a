namespace Weft.Http;

/// <summary>How the end of a body is known (RFC 9112 section 6).</summary>
public enum BodyKind : byte
{
    /// <summary>No body follows the head.</summary>
    None,

    /// <summary>Exactly <see cref="MessageHead.ContentLength"/> bytes follow (possibly 0).</summary>
    Length,

    /// <summary>Chunks follow, then trailers.</summary>
    Chunked,

    /// <summary>Everything until the connection closes. Responses only.</summary>
    UntilClose,
}
