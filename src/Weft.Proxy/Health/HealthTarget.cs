using System.Net;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What is checked, and how: whoever wants to know the same shares one check.</summary>
/// <param name="Address">The endpoint's.</param>
/// <param name="Spec">What is asked, how often, and what changes its state.</param>
/// <param name="Protocol">What the endpoint is known to speak; an HTTP check speaks HTTP/1.1 to all but <see cref="EndpointProtocol.Http2"/>.</param>
/// <param name="ProxyProtocol">What it is sent before the first byte of a connection.</param>
internal sealed record HealthTarget(
    IPEndPoint Address,
    HealthCheckSpec Spec,
    EndpointProtocol Protocol,
    ProxyProtocolVersion ProxyProtocol
);
