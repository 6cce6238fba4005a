using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Which version of HTTP an endpoint is spoken to in.</summary>
internal static class EndpointProtocols
{
    /// <summary>What is known of an endpoint: by its namer, else by the Service document; otherwise it is the caller's version.</summary>
    public static EndpointProtocol Of(Endpoint endpoint, ServiceSpec spec) =>
        endpoint.Metadata.TryGetValue(EndpointMetadata.Protocol, out var stated)
            ? stated switch
            {
                "http1" => EndpointProtocol.Http1,
                "http2" or "h2c" or "grpc" => EndpointProtocol.Http2,
                _ => spec.Protocol,
            }
            : spec.Protocol;
}
