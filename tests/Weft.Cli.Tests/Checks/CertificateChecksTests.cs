using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class CertificateChecksTests
{
    private static readonly CertificateFacts Good = new(
        "control",
        Samples.Now.AddDays(-10),
        Samples.Now.AddDays(80),
        true,
        []
    );

    private static string[] Lines(CertificateFacts certificate) =>
        [
            .. CertificateChecks
                .Of(
                    Samples.Mesh(
                        new ControlFacts(new Uri("https://mesh.example:4190"), null) { Certificate = certificate }
                    )
                )
                .Lines()
                .Select(l => l.Replace("control mesh.example:4190: ", "")),
        ];

    [Fact]
    public void One_that_is_trusted_and_lasts_is_ok()
    {
        Assert.Equal(["ok 'control' is trusted, and valid until 2026-05-23 05:06Z"], Lines(Good));
        Assert.True(Good.IsAcceptedAt(Samples.Now));
    }

    [Fact]
    public void One_that_expires_within_two_weeks_is_a_warning()
    {
        Assert.StartsWith("ok ", Assert.Single(Lines(Good with { NotAfter = Samples.Now.AddDays(14) })));
        Assert.Equal(
            ["warning 'control' expires at 2026-03-17 17:06Z, 13.5 days from now"],
            Lines(Good with { NotAfter = Samples.Now.AddDays(13.5) })
        );
    }

    [Fact]
    public void One_that_has_expired_or_is_not_valid_yet_is_an_error()
    {
        var expired = Good with { NotAfter = Samples.Now };
        var early = Good with { NotBefore = Samples.Now.AddDays(1) };

        Assert.Equal(["error 'control' expired at 2026-03-04 05:06Z"], Lines(expired));
        Assert.Equal(["error 'control' is valid from 2026-03-05 05:06Z on only"], Lines(early));
        Assert.False(expired.IsAcceptedAt(Samples.Now));
        Assert.False(early.IsAcceptedAt(Samples.Now));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var wrong = Good with { IsNameRight = false, Faults = ["self-signed"], NotAfter = Samples.Now };

        Assert.Equal(
            [
                "error nobody that is trusted here vouches for 'control': self-signed",
                "error 'control' is not for mesh.example",
                "error 'control' expired at 2026-03-04 05:06Z",
            ],
            Lines(wrong)
        );
    }
}
