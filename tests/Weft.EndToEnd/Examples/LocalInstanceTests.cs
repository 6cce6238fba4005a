using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

public class LocalInstanceTests
{
    private const int Overridden = 20;

    [Fact]
    public async Task one_request_goes_to_the_developers_instance_two_hops_deep_and_no_other_notices()
    {
        using var example = new Example("local-instance");
        await using var everybodys = await EchoUpstream.Start("everybody's", example.Address(8083));
        await using var mine = await EchoUpstream.Start("mine", example.Address(9083));
        await using var web = await RelayingApplication.Start(example.Address(8081), "books", example.Address(4240));
        await using var books = await RelayingApplication.Start(
            example.Address(8082),
            "authors",
            example.Address(4340)
        );
        await using var edge = await example.Start("edge.yaml", outbound: 4140, admin: 4191);
        await using var besideWeb = await example.Start("web.yaml", outbound: 4240, admin: 4291);
        await using var besideBooks = await example.Start("books.yaml", outbound: 4340, admin: 4391);

        var traffic = Load.Start(edge.Outbound, "web");
        await traffic.Answers(50);
        for (var i = 0; i < Overridden; i++)
        {
            var dtab = $"weft-dtab: /svc/authors => /$/inet/127.0.0.1/{mine.Address.Port}\r\n";
            Assert.Equal("mine", (await edge.Get("web", headers: dtab)).ServedBy);
            Assert.Equal("everybody's", (await edge.Get("web")).ServedBy);
        }
        await traffic.Answers(50);
        Assert.All(await traffic.StopWithoutFailure(), o => Assert.Equal("everybody's", o.ServedBy));
        Assert.Equal(Overridden, mine.Served);
    }
}
