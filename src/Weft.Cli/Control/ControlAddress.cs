using System.Net.Security;

namespace Weft.Cli.Control;

/// <summary>A control plane, and how it is asked.</summary>
/// <param name="Uri">Scheme, host and port.</param>
/// <param name="Namespace">About which namespace; null for all.</param>
/// <param name="Token">What opens it; null for nothing.</param>
/// <param name="Trust">Whom to trust over TLS; null for those whom the system trusts.</param>
internal sealed record ControlAddress(Uri Uri, string? Namespace, string? Token, SslClientAuthenticationOptions? Trust);
