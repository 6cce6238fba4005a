using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Cli.Checks;

/// <summary>Looks at the certificate of a server, be it accepted or not, and says nothing to the server beyond the handshake.</summary>
internal static class CertificateReader
{
    /// <summary>The certificate; null when none can be had, and then asking the server tells why.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<CertificateFacts?> ReadAsync(
        Uri address,
        SslClientAuthenticationOptions? trust,
        InquiryOptions options,
        TimeProvider time,
        CancellationToken stop
    )
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        CertificateFacts? facts = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.DnsSafeHost, address.Port, ended.Token);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.DnsSafeHost,
                    CertificateChainPolicy = trust?.CertificateChainPolicy,
                    // Looked at in any case; the handshake ends here when it is not accepted.
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        facts = FactsOf((X509Certificate2?)certificate, chain, errors);
                        return errors == SslPolicyErrors.None;
                    },
                },
                ended.Token
            );
            return facts;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return facts;
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException)
        {
            return facts;
        }
    }

    private static CertificateFacts? FactsOf(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return null;
        }

        X509Certificate2[] all = [certificate, .. chain?.ChainElements.Select(e => e.Certificate) ?? []];
        var faults = (chain?.ChainStatus ?? [])
            .Where(s => (s.Status & ~X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError)
            .Select(s => s.StatusInformation.Trim().TrimEnd('.'))
            .Distinct(StringComparer.Ordinal);
        return new CertificateFacts(
            certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
            new DateTimeOffset(all.Max(c => c.NotBefore).ToUniversalTime()),
            new DateTimeOffset(all.Min(c => c.NotAfter).ToUniversalTime()),
            !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
            errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? [.. faults] : []
        );
    }
}
