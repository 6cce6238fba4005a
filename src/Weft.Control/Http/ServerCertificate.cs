using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Weft.Control;

/// <summary>What a control plane shows to say who it is.</summary>
internal static class ServerCertificate
{
    /// <summary>Reads a certificate, what leads from it to a root, and its key.</summary>
    /// <exception cref="StoreException">They cannot be read, or do not belong together.</exception>
    public static SslStreamCertificateContext Read(string cert, string key)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(cert);
            // Offline: what is shown is what the file has, and nothing is fetched for it.
            return SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(cert, key),
                chain,
                offline: true
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StoreException(
                $"{cert}, {key}: the certificate cannot be used: {error.Message.TrimEnd('.')}",
                error
            );
        }
    }

    /// <summary>Has each handshake show the certificate as it is by then.</summary>
    public static TlsHandshakeCallbackOptions Handshakes(FileBacked<SslStreamCertificateContext> certificate) =>
        new()
        {
            OnConnection = _ =>
                ValueTask.FromResult(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = certificate.Current,
                        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    }
                ),
        };
}
