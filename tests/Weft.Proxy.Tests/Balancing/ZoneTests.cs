using System.Net;

namespace Weft.Proxy.Tests;

/// <summary>Requests stay in the proxy's own zone while it can bear them.</summary>
public class ZoneTests
{
    private const string Zones = "{balancer: {kind: roundRobin, zones: {failover: 70%}}}";

    [Fact]
    public async Task Requests_stay_in_the_proxys_own_zone()
    {
        using var here = Upstream.Answering();
        using var there = Upstream.Answering();
        await using var mesh = Of(Zones, "a", here, there);

        await AskAsync(mesh, 20);

        Assert.Equal((20, 0), (here.Requests.Count, there.Requests.Count));
    }

    [Theory]
    [InlineData("{balancer: {kind: roundRobin}}", "a")] // The service does not ask for it.
    [InlineData(Zones, null)] // The proxy does not say where it stands.
    [InlineData(Zones, "elsewhere")]
    public async Task Without_a_zone_of_ones_own_all_are_alike(string service, string? zone)
    {
        using var one = Upstream.Answering();
        using var other = Upstream.Answering();
        await using var mesh = Of(service, zone, one, other);

        await AskAsync(mesh, 20);

        Assert.Equal((10, 10), (one.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Another_zone_takes_over_when_nobody_is_left_in_ones_own()
    {
        var here = Upstream.Answering();
        using var there = Upstream.Answering();
        await using var mesh = Of(Zones, "a", here, there);
        await AskAsync(mesh, 1);

        here.Kill();
        await AskAsync(mesh, 10);

        Assert.Equal(10, there.Requests.Count);
    }

    [Fact]
    public async Task A_proxy_that_moves_prefers_others_from_then_on()
    {
        using var one = Upstream.Answering();
        using var other = Upstream.Answering();
        await using var mesh = Of(Zones, "a", one, other);
        await AskAsync(mesh, 5);

        await mesh.MoveAsync("b");
        await AskAsync(mesh, 5);

        Assert.Equal((5, 5), (one.Requests.Count, other.Requests.Count));
    }

    private static Mesh Of(string service, string? zone, Upstream inA, Upstream inB) =>
        new(
            service: service,
            names: n => n.Place("web", ((IPEndPoint)inA.Address, "a"), (inB.Address, "b")),
            zone: zone
        );

    private static async Task AskAsync(Mesh mesh, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(200, (await mesh.AskAsync()).Status);
        }
    }
}
