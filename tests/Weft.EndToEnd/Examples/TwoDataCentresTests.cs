using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Examples;

public class TwoDataCentresTests
{
    [Fact]
    public async Task what_is_no_longer_registered_in_east_is_served_by_west_and_comes_back_without_a_request_lost()
    {
        using var example = new Example("two-data-centres");
        await using var east = await EchoUpstream.Start("east", example.Address(8081));
        await using var west = await EchoUpstream.Start("west", example.Address(8082));
        await using var weft = await example.Start();
        var registered = example.Read("east/books");

        var load = Load.Start(weft.Outbound, "books");
        await load.GoesTo("east");
        Assert.Equal("west", (await weft.Get("books", headers: "weft-dtab: /svc => /dc/west\r\n")).ServedBy);
        example.Remove("east/books");
        await load.GoesTo("west");
        example.Write("east/books", registered);
        await load.GoesTo("east");
        await load.StopWithoutFailure();
    }

    /// <summary>It dies first and its registration lapses later: in between there is nobody, and calls that may be repeated wait for what comes.</summary>
    [Fact]
    public async Task the_death_of_east_costs_no_call_that_is_tried_until_its_registration_lapses()
    {
        using var example = new Example("two-data-centres");
        await using var east = await EchoUpstream.Start("east", example.Address(8081));
        await using var west = await EchoUpstream.Start("west", example.Address(8082));
        await using var weft = await example.Start();

        var load = Load.Start(weft.Outbound, "books");
        await load.GoesTo("east");
        await east.Kill();
        await Eventually.Is(
            async () => await weft.Metric("weft_attempts_total", "client=\"/#/east/books\"", "result=\"failure\"") > 0,
            "somebody met the dead"
        );
        example.Remove("east/books");
        await load.GoesTo("west");
        await load.StopWithoutFailure();
    }

    [Fact]
    public async Task a_service_that_east_says_has_no_endpoints_fails_and_is_not_looked_for_in_west()
    {
        using var example = new Example("two-data-centres");
        await using var east = await EchoUpstream.Start("east", example.Address(8081));
        await using var west = await EchoUpstream.Start("west", example.Address(8082));
        await using var weft = await example.Start();
        Assert.Equal("east", (await weft.Get("books")).ServedBy);
        example.Write("east/books", "# nobody\n");
        RawResponse response = null!;
        await Eventually.Is(
            async () => (response = await weft.Get("books")).Status != 200,
            "the proxy had read that nobody is there"
        );
        Assert.Equal((503, "no-endpoints"), (response.Status, response.WeftError));
        Assert.Equal(0, west.Served);
    }
}
