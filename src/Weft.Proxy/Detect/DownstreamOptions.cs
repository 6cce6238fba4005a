using System.Net;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a listener's settings mean for a connection that begins now.</summary>
/// <param name="Config">The settings.</param>
/// <param name="Scope">What is told apart; null when nothing is, for <paramref name="Fixed"/> is spoken.</param>
/// <param name="Fixed">What is spoken when nothing is told apart.</param>
/// <param name="Http1">Bounds and times of HTTP/1.1 connections.</param>
/// <param name="Http2">Bounds and times of HTTP/2 connections.</param>
internal sealed record DownstreamOptions(
    ListenerConfig Config,
    DetectionScope? Scope,
    DetectedProtocol Fixed,
    ServerOptions Http1,
    Http2Options Http2
)
{
    // What the HTTP/2 engine can hold of a decoded head.
    private const int MostHttp2HeadBytes = 120 * 1024;

    public static DownstreamOptions Of(ListenerConfig config)
    {
        var limits = new HeadLimits(
            config.Limits.HeaderBytes,
            config.Limits.HeaderCount,
            config.Limits.RequestLineBytes
        );
        var idle = (int)config.Timeouts.Idle.TotalMilliseconds;
        var head = (int)config.Timeouts.Header.TotalMilliseconds;
        var http2Limits = limits with { MaxBytes = Math.Min(limits.MaxBytes, MostHttp2HeadBytes) };
        return new DownstreamOptions(
            config,
            ScopeOf(config),
            FixedOf(config.Protocol),
            new ServerOptions(limits, idle, head),
            new Http2Options(http2Limits, idle, head)
            {
                MaxConcurrentStreams = config.Limits.Streams,
                EnableConnectProtocol = true,
            }
        );
    }

    /// <summary>
    /// A client that says nothing is taken for one that waits for the server to speak. Only where the clients are our own applications: from
    /// outside, saying nothing for a while would be a way around what is decided per request.
    /// </summary>
    public bool SilenceIsOpaque => Scope == DetectionScope.Any && Config.Kind == ListenerKind.Outbound;

    /// <summary>Whether a peer's connections begin with a header of the PROXY protocol.</summary>
    public bool IsIntroduced(IPAddress peer)
    {
        foreach (var network in Config.ProxyProtocol)
        {
            if (network.Contains(peer))
            {
                return true;
            }
        }

        return false;
    }

    private static DetectionScope? ScopeOf(ListenerConfig config) =>
        config.Protocol switch
        {
            ListenerProtocol.Http => DetectionScope.Http,
            ListenerProtocol.Auto => config.Service is null ? DetectionScope.HttpOrTls : DetectionScope.Any,
            _ => null,
        };

    private static DetectedProtocol FixedOf(ListenerProtocol protocol) =>
        protocol switch
        {
            ListenerProtocol.Http1 => DetectedProtocol.Http1,
            ListenerProtocol.Http2 => DetectedProtocol.Http2,
            ListenerProtocol.Tcp => DetectedProtocol.Opaque,
            _ => DetectedProtocol.Undecided,
        };
}
