using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Cli.Tests.Support;

/// <summary>A certificate for 127.0.0.1 that vouches for itself, made for one test.</summary>
public static class TestCertificate
{
    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="validFor">From now on; negative for one that has expired.</param>
    /// <param name="address">For whom.</param>
    public static (string Cert, string Key) Write(TempFolder folder, TimeSpan validFor, IPAddress? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=weft test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address ?? IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-30), now + validFor);
        return (
            folder.Write("cert.pem", certificate.ExportCertificatePem()),
            folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())
        );
    }
}
