using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.EndToEnd.Harness;

/// <summary>A certificate for one address that vouches for itself, made for one test.</summary>
internal static class TestCertificate
{
    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="address">For whom.</param>
    /// <param name="validFor">From now on, a day if not said; negative for one that has expired.</param>
    public static (string Cert, string Key) Write(string folder, IPAddress address, TimeSpan? validFor = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=weft test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-30), now + (validFor ?? TimeSpan.FromDays(1)));
        var (cert, keyFile) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (cert, keyFile);
    }
}
