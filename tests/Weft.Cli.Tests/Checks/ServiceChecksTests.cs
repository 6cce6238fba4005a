using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class ServiceChecksTests
{
    private static ClientPage Client(params string[] states) =>
        new(
            "outbound",
            "/#/file/books",
            [.. states.Select((s, i) => new EndpointPage($"10.0.1.{i}:80", s, s == "ready" ? null : "connect refused"))]
        );

    private static string[] Lines(params ClientPage[] clients) =>
        ServiceChecks.Of(Samples.Mesh(Samples.Proxy with { Clients = clients })).Lines();

    [Fact]
    public void One_ready_endpoint_is_enough()
    {
        Assert.Equal(["ok proxy 10.0.0.1:4191: no name is in use"], Lines());
        Assert.Equal(
            ["ok proxy 10.0.0.1:4191: ready endpoints for all names in use (1)"],
            Lines(Client("ejected", "ready"))
        );
    }

    [Fact]
    public void A_name_without_endpoints_or_without_ready_ones_is_an_error()
    {
        Assert.Equal(
            [
                "error proxy 10.0.0.1:4191: outbound /#/file/books has no endpoints: requests fail with no-endpoints",
                "error proxy 10.0.0.1:4191: outbound /#/file/books has 2 endpoints and none is ready: connect refused",
            ],
            Lines(Client(), Client("ejected", "draining"))
        );
    }

    [Fact]
    public void One_that_is_about_to_be_tried_again_makes_it_a_warning() =>
        Assert.StartsWith("warning ", Assert.Single(Lines(Client("ejected", "probing"))));

    [Fact]
    public void For_an_inbound_name_the_application_is_meant()
    {
        var inbound = Client("ejected") with { Direction = "inbound" };
        var finding = Assert.Single(ServiceChecks.Of(Samples.Mesh(Samples.Proxy with { Clients = [inbound] })));

        Assert.Contains("the application", finding.Remedy);
    }
}
