namespace Weft.Http;

/// <summary>What a broken rule means to the peer: a status, and a reason out of the product's closed list.</summary>
public static class Rejection
{
    /// <summary>The reason of every malformed response; the caller is answered with 502.</summary>
    public const string OfResponse = "upstream-protocol";

    /// <summary>
    /// The status that a client gets before the connection is closed. Everything ambiguous is 400, unknown transfer codings
    /// too (RFC 9112 section 6.1 would allow 501): whoever sends them is not to be helped along.
    /// </summary>
    public static int StatusOf(RejectReason reason) =>
        reason switch
        {
            RejectReason.TargetTooLong => 414,
            RejectReason.HeadTooLarge or RejectReason.TooManyFields or RejectReason.TrailersTooLarge => 431,
            RejectReason.MethodTooLong or RejectReason.UnsupportedProtocol => 501,
            RejectReason.UnsupportedVersion => 505,
            RejectReason.HeadTimeout => 408,
            RejectReason.BodyTooLarge => 413,
            _ => 400,
        };

    /// <summary>The reason that goes into <c>weft-error</c>, metrics and logs.</summary>
    public static string OfRequest(RejectReason reason) =>
        reason switch
        {
            RejectReason.TargetTooLong => "uri-too-long",
            RejectReason.HeadTooLarge or RejectReason.TooManyFields or RejectReason.TrailersTooLarge =>
                "headers-too-large",
            RejectReason.HeadTimeout => "client-timeout",
            RejectReason.BodyTooLarge => "body-too-large",
            _ => "bad-request",
        };
}
