using System.Net;
using Weft.Cli.Tests.Support;
using Weft.EndToEnd.Harness;

namespace Weft.Cli.Tests.Checks;

using Cli = Support.Cli;

public sealed class CertificateReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<(int ExitCode, string[] Findings)> CheckAsync(string address, params string[] more)
    {
        var result = await Cli.Run([
            "check",
            "--control",
            $"https://{address}",
            "-o",
            "json",
            "--timeout",
            "1m",
            .. more,
        ]);
        Assert.Equal("", result.Error);
        var findings = result.Json()["findings"]!.AsArray();
        return (result.ExitCode, [.. findings.Select(f => $"{f!["check"]} {f["status"]}: {f["detail"]}")]);
    }

    [Fact]
    public async Task A_control_plane_with_a_certificate_that_has_expired_is_not_asked()
    {
        var certificate = TestCertificate.Write(_folder.Root, IPAddress.Loopback, TimeSpan.FromDays(-1));
        await using var plane = await ControlPlane.StartAsync(certificate);

        var (exitCode, findings) = await CheckAsync(plane.Address, "--ca-file", certificate.Cert);

        Assert.Equal(1, exitCode);
        Assert.Equal("ports ok: TLS is spoken; it is not asked, because of its certificate", findings[0]);
        Assert.StartsWith("certificates error: 'weft test' expired at ", Assert.Single(findings[1..]));
    }

    [Fact]
    public async Task One_that_expires_soon_is_a_warning_and_the_rest_is_checked()
    {
        var certificate = TestCertificate.Write(_folder.Root, IPAddress.Loopback, TimeSpan.FromDays(5));
        await using var plane = await ControlPlane.StartAsync(certificate);

        var (exitCode, findings) = await CheckAsync(plane.Address, "--ca-file", certificate.Cert);

        Assert.Equal(0, exitCode);
        Assert.Contains(
            findings,
            f => f.StartsWith("certificates warning: 'weft test' expires at ", StringComparison.Ordinal)
        );
        Assert.Contains("ports ok: a control plane answers", findings);
        Assert.Equal(1, (await CheckAsync(plane.Address, "--ca-file", certificate.Cert, "--strict")).ExitCode);
    }

    [Fact]
    public async Task One_for_somebody_else_or_of_nobody_who_is_trusted_is_an_error()
    {
        var certificate = TestCertificate.Write(_folder.Root, IPAddress.Parse("192.0.2.1"), TimeSpan.FromDays(90));
        await using var plane = await ControlPlane.StartAsync(certificate);

        var (_, named) = await CheckAsync(plane.Address, "--ca-file", certificate.Cert);
        Assert.Equal("certificates error: 'weft test' is not for 127.0.0.1", Assert.Single(named[1..]));

        var (exitCode, findings) = await CheckAsync(plane.Address);
        Assert.Equal(1, exitCode);
        Assert.Contains(
            findings,
            f =>
                f.StartsWith(
                    "certificates error: nobody that is trusted here vouches for 'weft test'",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task A_control_plane_that_speaks_no_TLS_is_told()
    {
        await using var plane = await ControlPlane.StartAsync();

        var (exitCode, findings) = await CheckAsync(plane.Address);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ports error: TLS cannot be spoken with it", Assert.Single(findings));
    }
}
