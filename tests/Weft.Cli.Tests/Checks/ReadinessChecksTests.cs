using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class ReadinessChecksTests
{
    private static string[] Lines(ProxyFacts proxy) => ReadinessChecks.Of(Samples.Mesh(proxy)).Lines();

    private static ProxyFacts NotReady(string why) =>
        Samples.Proxy with
        {
            Ready = new Answer.Page(503, why, Samples.Times),
        };

    [Fact]
    public void A_proxy_that_is_not_ready_says_why()
    {
        Assert.Equal(["ok proxy 10.0.0.1:4191: ready"], Lines(Samples.Proxy));
        Assert.Equal(["error proxy 10.0.0.1:4191: not ready: draining"], Lines(NotReady("draining\n")));
        Assert.Equal(
            ["error proxy 10.0.0.1:4191: not ready: waiting for the control plane: no answer yet"],
            Lines(NotReady("waiting for the control plane: no answer yet\n"))
        );
    }

    [Fact]
    public void A_proxy_that_serves_by_its_snapshot_is_a_warning()
    {
        var followed = new FollowedPage("http://10.0.0.9:4190", "default", false, "refused", "snapshot", 90);

        Assert.StartsWith(
            "warning proxy 10.0.0.1:4191: it serves by the snapshot of an earlier run",
            Assert.Single(Lines(Samples.Proxy with { Page = Samples.Page with { Control = followed } }))
        );
    }
}
