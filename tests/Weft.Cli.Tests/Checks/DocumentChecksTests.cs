using Weft.Api.Documents;
using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class DocumentChecksTests
{
    private static string[] Lines(params object[] targets) => DocumentChecks.Of(Samples.Mesh(targets)).Lines();

    private static ControlFacts With(params ProxyInfo[] proxies) => Samples.Control with { Proxies = proxies };

    [Fact]
    public void What_a_proxy_refuses_is_an_error_and_what_is_strange_a_warning() =>
        Assert.Equal(
            [
                "error proxy 10.0.0.1:4191: refused, what was good last stays: a.yaml:1:2: nonsense",
                "warning proxy 10.0.0.1:4191: b.yaml:3:4: strange",
            ],
            Lines(
                Samples.Proxy with
                {
                    Page = Samples.Page with
                    {
                        Problems = ["a.yaml:1:2: nonsense"],
                        Warnings = ["b.yaml:3:4: strange"],
                    },
                }
            )
        );

    [Fact]
    public void What_was_refused_and_set_right_is_told_and_is_no_fault() =>
        Assert.Equal(
            ["ok proxy 10.0.0.1:4191: 1 document in force; 3 refused since its start, all set right"],
            Lines(Samples.Proxy with { Numbers = new ProxyNumbers(0, 3, null) })
        );

    [Fact]
    public void Problems_of_sources_are_none_of_documents()
    {
        var namer = new NamerInfo("c", "consul", "/#/c", NamerInfo.Failing, 5, ["/#/c: gone"]);

        Assert.Equal(
            ["ok proxy 10.0.0.1:4191: 1 document in force"],
            Lines(Samples.Proxy with { Page = Samples.Page with { Namers = [namer], Problems = ["/#/c: gone"] } })
        );
    }

    [Fact]
    public void What_is_stored_and_not_valid_is_an_error()
    {
        var ns = Samples.Namespace with
        {
            ErrorCount = 1,
            WarningCount = 1,
            Errors = [new ProblemInfo("Service/books", 5, 3, "unknown key 'weight'", "did you mean 'weights'?")],
            Warnings = [new ProblemInfo("Dtab/default", 2, 1, "no Namer makes /#/x")],
        };
        var control = Samples.Control with { Status = Samples.Status with { Namespaces = [ns] } };

        Assert.Equal(
            [
                "error control 10.0.0.9:4190: default: not in force: Service/books:5:3: unknown key 'weight'",
                "warning control 10.0.0.9:4190: default: Dtab/default:2:1: no Namer makes /#/x",
                "ok control 10.0.0.9:4190: no proxy is connected",
            ],
            Lines(control)
        );
        Assert.Equal("did you mean 'weights'?", DocumentChecks.Of(Samples.Mesh(control)).First().Remedy);
    }

    [Fact]
    public void A_namespace_that_nobody_has_written_to_is_probably_not_meant()
    {
        var control = Samples.Control with
        {
            Namespace = "shpo",
            Status = Samples.Status with { Namespaces = [Samples.Namespace with { Name = "shpo", Revision = 0 }] },
        };

        Assert.Equal(
            "warning control 10.0.0.9:4190: nothing was ever written to the namespace 'shpo'",
            Lines(control)[0]
        );
    }

    [Fact]
    public void What_a_connected_proxy_refuses_is_an_error()
    {
        var refusing = Samples.Connected with { Refused = [new RefusalInfo("document", "Service/books", "nonsense")] };

        Assert.Equal(
            "error proxy web-1:4191: it refuses document Service/books, what was good last stays: nonsense",
            Lines(With(refusing))[^1]
        );
        Assert.Equal(
            "ok control 10.0.0.9:4190: taken by all connected proxies (1)",
            Lines(With(Samples.Connected))[^1]
        );
    }

    [Theory]
    [InlineData(9, "ok control 10.0.0.9:4190: taken by all connected proxies (1)")]
    [InlineData(
        20,
        "warning proxy web-1:4191: it has taken 3 of the 5 updates that it was sent, and nothing more for 20s"
    )]
    [InlineData(
        300,
        "error proxy web-1:4191: it has taken 3 of the 5 updates that it was sent, and nothing more for 5m"
    )]
    public void A_proxy_that_does_not_acknowledge_is_behind(int seconds, string line) =>
        Assert.Equal(
            line,
            Lines(With(Samples.Connected with { Acknowledged = 3, BehindSince = Samples.Now.AddSeconds(-seconds) }))[^1]
        );
}
