using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Api.Client;

/// <summary>Whom a client of a control plane trusts over TLS.</summary>
public static class ServerTrust
{
    /// <summary>The roots of a PEM file instead of the system's; names are compared all the same.</summary>
    /// <exception cref="IOException">The file cannot be read, or holds no certificate.</exception>
    public static SslClientAuthenticationOptions Only(string pemFile)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(pemFile);
        }
        catch (CryptographicException error)
        {
            throw new IOException($"{pemFile}: the certificates cannot be read: {error.Message}", error);
        }

        if (roots.Count == 0)
        {
            throw new IOException($"{pemFile}: there is no certificate in it");
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
