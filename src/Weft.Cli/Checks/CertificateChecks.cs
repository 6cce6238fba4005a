using System.Globalization;

namespace Weft.Cli.Checks;

/// <summary>Whether control planes that speak TLS can be believed, and for how long.</summary>
internal static class CertificateChecks
{
    /// <summary>A certificate that expires within this time is to be renewed.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        facts
            .AllControls.Where(c => c.Certificate is not null)
            .SelectMany(c => Of(c.Target, c.Address.Host, c.Certificate!, facts.Now));

    private static List<Finding> Of(string target, string host, CertificateFacts certificate, DateTimeOffset now)
    {
        var (subject, notBefore, notAfter, isNameRight, faults) = certificate;
        var findings = new List<Finding>();
        if (faults.Count > 0)
        {
            Add(
                FindingStatus.Error,
                $"nobody that is trusted here vouches for '{subject}': {string.Join("; ", faults)}",
                "give the roots that signed it with --ca-file (caFile in a proxy's file), or have it signed by one that the system trusts"
            );
        }

        if (!isNameRight)
        {
            Add(
                FindingStatus.Error,
                $"'{subject}' is not for {host}",
                "ask by a name that stands in the certificate, or add this one to its subject alternative names"
            );
        }

        if (now < notBefore)
        {
            Add(
                FindingStatus.Error,
                $"'{subject}' is valid from {Day(notBefore)} on only",
                "set the clock of this machine or of whoever made the certificate right"
            );
        }
        else if (now >= notAfter)
        {
            Add(FindingStatus.Error, $"'{subject}' expired at {Day(notAfter)}", Renew);
        }
        else if (notAfter - now < Soon)
        {
            Add(
                FindingStatus.Warning,
                $"'{subject}' expires at {Day(notAfter)}, {(notAfter - now).TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days from now",
                Renew
            );
        }

        return findings.Count > 0
            ? findings
            : [Finding.Ok(CheckNames.Certificates, target, $"'{subject}' is trusted, and valid until {Day(notAfter)}")];

        void Add(FindingStatus status, string detail, string remedy) =>
            findings.Add(new Finding(CheckNames.Certificates, target, status, detail, remedy));
    }

    private const string Renew =
        "give the control plane a new one (--tls-cert, --tls-key) and restart it; proxies go on meanwhile";

    private static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
