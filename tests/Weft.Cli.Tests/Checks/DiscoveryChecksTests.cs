using Weft.Api.Documents;
using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class DiscoveryChecksTests
{
    private static string[] Lines(params object[] targets) => DiscoveryChecks.Of(Samples.Mesh(targets)).Lines();

    private static NamerInfo Namer(string state, double? age) =>
        new("consul", "consul", "/#/consul", state, age, ["/#/consul: gone"]);

    private static ControlFacts With(NamerInfo namer) =>
        Samples.Control with
        {
            Status = Samples.Status with { Namespaces = [Samples.Namespace with { Namers = [namer] }] },
        };

    [Fact]
    public void A_proxy_that_follows_its_control_plane_is_ok_and_one_that_misses_it_is_not()
    {
        var followed = new FollowedPage("http://10.0.0.9:4190", "default", true, null, "control plane", 0);
        var page = Samples.Page with { Control = followed };

        Assert.Equal(
            ["ok proxy 10.0.0.1:4191: follows the control plane at http://10.0.0.9:4190"],
            Lines(Samples.Proxy with { Page = page })
        );
        Assert.Equal(
            [
                "error proxy 10.0.0.1:4191: misses the control plane at http://10.0.0.9:4190: refused; what it knew 5m ago is in force",
            ],
            Lines(
                Samples.Proxy with
                {
                    Page = page with
                    {
                        Control = followed with { Connected = false, Error = "refused", AgeSeconds = 300 },
                    },
                    Numbers = new ProxyNumbers(300, 0, null),
                }
            )
        );
        Assert.Contains(
            "it has never been heard",
            Lines(
                Samples.Proxy with
                {
                    Page = page with { Control = followed with { Connected = false, AgeSeconds = null } },
                }
            )[0]
        );
    }

    [Fact]
    public void A_source_that_is_away_is_a_warning_and_for_long_an_error()
    {
        Assert.Equal(
            [
                "warning control 10.0.0.9:4190: default: /#/consul (consul) fails for 5s, what was known stays: /#/consul: gone",
            ],
            Lines(With(Namer(NamerInfo.Failing, 5)))
        );
        Assert.StartsWith("error ", Lines(With(Namer(NamerInfo.Failing, 31)))[0]);
        Assert.StartsWith("error ", Lines(With(Namer(NamerInfo.Failing, double.MaxValue)))[0]);
    }

    [Fact]
    public void A_mass_withdrawal_that_is_held_is_a_warning_and_a_namer_that_nobody_asked_is_ok()
    {
        Assert.StartsWith(
            "warning control 10.0.0.9:4190: default: /#/consul (consul) holds a mass withdrawal",
            Lines(With(Namer(NamerInfo.Holding, 0)))[0]
        );
        Assert.Equal(
            ["ok control 10.0.0.9:4190: what its namer was asked for is current"],
            Lines(With(Namer(NamerInfo.Idle, null)))
        );
    }

    [Fact]
    public void A_proxys_own_sources_are_looked_at_too()
    {
        var page = Samples.Page with { Namers = [Namer(NamerInfo.Failing, 60)] };

        Assert.Equal(
            ["error proxy 10.0.0.1:4191: /#/consul (consul) fails for 60s, what was known stays: /#/consul: gone"],
            Lines(Samples.Proxy with { Page = page, Numbers = new ProxyNumbers(60, 0, null) })
        );
    }

    [Fact]
    public void An_age_that_nothing_explains_is_a_warning() =>
        Assert.Equal(
            ["warning proxy 10.0.0.1:4191: not all of its sources could be read for 42s"],
            Lines(Samples.Proxy with { Numbers = new ProxyNumbers(42, 0, null) })
        );
}
