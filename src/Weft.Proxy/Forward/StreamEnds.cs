using Weft.Http;

namespace Weft.Proxy;

/// <summary>How the end of a stream on one side becomes the end of its counterpart on the other.</summary>
internal static class StreamEnds
{
    /// <summary>
    /// The code to reset the caller's stream with. What an endpoint says of the request passes; what it says of the frames that this proxy sent it
    /// would accuse the caller of something that it has not done.
    /// </summary>
    /// <param name="received">What the endpoint reset its stream with; null when it did not.</param>
    public static Http2ErrorCode PassedOn(Http2ErrorCode? received) =>
        received switch
        {
            Http2ErrorCode.Cancel
            or Http2ErrorCode.RefusedStream
            or Http2ErrorCode.EnhanceYourCalm
            or Http2ErrorCode.InadequateSecurity
            or Http2ErrorCode.Http11Required => received.Value,
            _ => Http2ErrorCode.InternalError,
        };
}
