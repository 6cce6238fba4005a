using System.Diagnostics;
using Weft.Bench.Overload;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

public class RetryStormTests
{
    private const int Requests = 3000;
    private const double PerSecond = 1000;

    // The defaults of a Service document's budget: 20 % of ten seconds' requests, and ten a second beside.
    private const double Ratio = 0.2;
    private const double MinPerSecond = 10;
    private const double WindowSeconds = 10;

    /// <summary>Of a slow machine each second is one more for the budget's minimum, so the bound is made of the time that it took.</summary>
    [Fact]
    public async Task a_service_that_always_fails_sees_one_budget_through_three_proxies_and_not_its_cube()
    {
        await using var service = await EchoUpstream.Start("leaf");
        using var third = MeshTo(service.Address);
        using var second = MeshTo(third.Outbound);
        using var first = MeshTo(second.Outbound);
        await using var farthest = await WeftProcess.Start(third);
        await using var middle = await WeftProcess.Start(second);
        await using var nearest = await WeftProcess.Start(first);

        var began = Stopwatch.GetTimestamp();
        var answers = await OfferedLoad.RunAsync(
            nearest.Outbound,
            "leaf",
            "/status/503",
            PerSecond,
            Requests,
            atOnce: 64
        );
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        // The failures are the service's own, and nobody's request was lost on the way to it.
        Assert.All(answers, answer => Assert.Equal((503, null), (answer.Status, answer.WeftError)));
        var asked = await nearest.Metric("weft_requests_total", "service=\"leaf\"");
        Assert.Equal(Requests, asked);
        // With the default of three retries each, three hops without a budget would make 64 requests of one.
        var bound = (asked * (1 + Ratio)) + (MinPerSecond * (seconds + WindowSeconds));
        Assert.InRange(service.Served, asked + 1, bound);
        // Only the hop next to the service tries again; the others are told not to.
        Assert.Equal(service.Served - asked, await Retries(farthest));
        Assert.Equal((0, 0), (await Retries(middle), await Retries(nearest)));
        Assert.True(await farthest.Metric("weft_retries_total", "outcome=\"budget\"") > 0);
    }

    private static TempMesh MeshTo(System.Net.IPEndPoint next)
    {
        var mesh = new TempMesh();
        mesh.Disco("leaf", next);
        mesh.Document("services.yaml", "kind: Service\nmetadata: {name: leaf}\nspec:\n  retries: {on: [5xx]}\n");
        return mesh;
    }

    private static Task<double> Retries(WeftProcess weft) =>
        weft.Metric("weft_attempts_total", "try=\"retry\"", "service=\"leaf\"");
}
