using Weft.Api.Documents;
using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class DoctorTests
{
    [Fact]
    public void Of_a_healthy_mesh_every_finding_is_ok_and_asks_for_nothing()
    {
        var mesh = Samples.Mesh(Samples.Proxy, Samples.Control with { Proxies = [Samples.Connected] });

        var findings = Doctor.Examine(mesh);

        Assert.All(findings, f => Assert.Equal((FindingStatus.Ok, null), (f.Status, f.Remedy)));
        Assert.Equal(
            ["ports", "versions", "clocks", "readiness", "store", "documents", "discovery", "services", "limits"],
            findings.Select(f => f.Check).Distinct()
        );
    }

    [Fact]
    public void Whatever_is_not_ok_says_what_to_do()
    {
        var ill = Samples.Page with
        {
            Process = null,
            Problems = ["a.yaml:1:1: nonsense"],
            Warnings = ["strange"],
            Control = new FollowedPage("http://10.0.0.9:4190", "default", false, "refused", "snapshot", null),
            Namers = [new NamerInfo("n", "consul", "/#/n", "failing", 99, ["gone"])],
        };
        var mesh = Samples.Mesh(
            Samples.Proxy with
            {
                Page = ill,
                Ready = new Answer.Page(503, "", Samples.Times),
                Clients = [new ClientPage("outbound", "/#/n/x", [])],
                Numbers = new ProxyNumbers(9, 9, 9),
            },
            new ProxyFacts("10.0.0.2:4191", new Answer.None(Silence.Slow, "late")),
            new ControlFacts(new Uri("http://10.0.0.9:4190"), new Answer.Page(500, "", Samples.Times))
        );

        var findings = Doctor.Examine(mesh).Where(f => f.Status != FindingStatus.Ok).ToArray();

        Assert.True(findings.Length >= 8);
        Assert.All(findings, f => Assert.NotEqual("", f.Remedy ?? ""));
    }

    [Fact]
    public void Findings_that_others_can_multiply_are_bounded_and_the_worst_come_first()
    {
        var many = Enumerable.Range(0, 500).Select(i => $"a.yaml:{i}:1: nonsense").ToArray();
        var mesh = Samples.Mesh(
            Samples.Proxy with
            {
                Page = Samples.Page with { Warnings = many, Problems = ["bad"] },
            }
        );

        var findings = DocumentChecks.Of(mesh).ToArray();

        Assert.Equal(FindingList.Max + 1, findings.Length);
        Assert.Equal(FindingStatus.Error, findings[0].Status);
        Assert.Equal("and 481 more like these", findings[^1].Detail);
    }
}
