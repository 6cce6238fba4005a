using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class VersionChecksTests
{
    private static string[] Lines(string? version) =>
        VersionChecks
            .Of(
                Samples.Mesh(
                    Samples.Proxy with
                    {
                        Page = Samples.Page with { Process = new ProcessPage(version, null, null, null) },
                    }
                )
            )
            .Lines();

    [Theory]
    [InlineData("0.4.0+abc", "ok", "0.4.0, the same as this program")]
    [InlineData("0.4.0+def", "ok", "0.4.0+def; this program is 0.4.0+abc, near enough")]
    [InlineData("0.4.7", "ok", "0.4.7; this program is 0.4.0, near enough")]
    [InlineData("0.3.0-rc.1", "ok", "0.3.0-rc.1; this program is 0.4.0, near enough")]
    [InlineData("0.2.9", "warning", "0.2.9, too far from this program, which is 0.4.0")]
    [InlineData("1.4.0", "warning", "1.4.0, too far from this program, which is 0.4.0")]
    [InlineData("", "warning", "it tells no version that can be compared with this program (0.4.0)")]
    [InlineData(null, "warning", "it tells no version that can be compared with this program (0.4.0)")]
    [InlineData("next", "warning", "it tells no version that can be compared with this program (0.4.0)")]
    public void Neighbouring_minor_versions_are_near_enough(string? version, string status, string detail) =>
        Assert.Equal([$"{status} proxy 10.0.0.1:4191: {detail}"], Lines(version));

    [Fact]
    public void Connected_proxies_are_compared_with_their_control_plane_and_only_those_are_named_that_are_far()
    {
        var near = Samples.Connected;
        var far = Samples.Connected with { Id = "old-1:4191", Version = "0.1.0" };

        Assert.Equal(
            "ok control 10.0.0.9:4190: near enough to all 2 connected proxies",
            VersionChecks.Of(Samples.Mesh(Samples.Control with { Proxies = [near, near] })).Lines()[^1]
        );
        Assert.Equal(
            "warning proxy old-1:4191: 0.1.0, too far from its control plane, which is 0.4.0",
            VersionChecks.Of(Samples.Mesh(Samples.Control with { Proxies = [near, far] })).Lines()[^1]
        );
    }
}
