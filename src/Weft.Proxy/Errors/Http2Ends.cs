using Weft.Http;

namespace Weft.Proxy;

/// <summary>Which ends of a client's HTTP/2 connection are errors.</summary>
internal static class Http2Ends
{
    /// <summary>The error; null for an end in good order, by whichever side.</summary>
    public static ProxyError? ErrorOf(Http2EndReason reason) =>
        reason switch
        {
            <= Http2EndReason.Idle => null,
            Http2EndReason.SettingsTimeout
            or Http2EndReason.PingTimeout
            or Http2EndReason.HeadersTimeout
            or Http2EndReason.SendTimeout => new ProxyError(
                ErrorReason.ClientTimeout,
                $"an HTTP/2 connection was ended, for its client did not keep up ({reason})"
            ),
            _ => new ProxyError(
                ErrorReason.BadRequest,
                $"an HTTP/2 connection was ended, for its client broke a rule of the protocol ({reason})"
            ),
        };
}
