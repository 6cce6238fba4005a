using System.Globalization;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

public class CascadeTests
{
    private const int Callers = 64;
    private const int Connections = 8;
    private const int Pending = 8;
    private const long Memory = 64 << 20;

    /// <summary>The leaf's machine has stopped where it was: connections to it come about and nothing is ever said on them.</summary>
    [Fact]
    public async Task a_frozen_leaf_exhausts_nothing_of_services_that_do_not_need_it()
    {
        await using var application = await EchoUpstream.Start("leaf");
        using var leafMesh = new TempMesh();
        leafMesh.Disco("leaf", application.Address);
        await using var leaf = await WeftProcess.Start(leafMesh);
        await using var other = await EchoUpstream.Start("other");
        using var mesh = new TempMesh();
        mesh.Disco("leaf", leaf.Outbound);
        mesh.Disco("other", other.Address);
        mesh.Document(
            "services.yaml",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                kind: Service
                metadata: {name: leaf}
                spec:
                  timeouts: {request: 3s, attempt: 1s}
                  pool: {maxConnections: {{Connections}}, maxPending: {{Pending}}, queueTimeout: 200ms}
                  breaker: {consecutiveFailures: 5, backoff: {base: 60s, max: 60s}, maxEjected: 100%}
                """
            )
        );
        await using var weft = await WeftProcess.Start(mesh);
        // A cold start takes its time on a busy machine.
        await Eventually.Is(async () => (await weft.Get("leaf")).Status == 200, "the leaf answered");

        var bystanders = Load.Start(weft.Outbound, "other", connections: 4);
        await bystanders.Answers(200);
        var before = weft.ResidentBytes;
        var cold = await FailedAttempts(weft);
        leaf.Freeze();
        var victims = Load.Start(weft.Outbound, "leaf", connections: Callers);
        await Eventually.Is(
            async () =>
            {
                // Sampled all along: neither connections nor what waits for them ever grow beyond their bounds.
                var leafs = await weft.Metric("weft_connections_open", "peer=\"upstream\"") - bystanders.Connections;
                Assert.InRange(leafs, 0, Connections);
                Assert.InRange(await weft.Metric("weft_pool_pending"), 0, Pending);
                return victims.Outcomes.Any(o => o.WeftError == "circuit-open");
            },
            "the leaf's circuit opened"
        );
        await victims.Answers(2000);
        await bystanders.Answers(500);

        // Whoever does not need the leaf has noticed nothing.
        await bystanders.StopWithoutFailure();
        // Had they to wait for the leaf, they would for the second that its attempts take.
        var all = await weft.Metric("weft_request_duration_seconds_count", "service=\"other\"");
        var prompt = await weft.Metric("weft_request_duration_seconds_bucket", "service=\"other\"", "le=\"0.5\"");
        Assert.InRange(prompt, 0.9 * all, all);
        var outcomes = await victims.Stop();
        Assert.All(
            outcomes,
            o => Assert.Contains(o.WeftError, (string[])["attempt-timeout", "overloaded", "circuit-open"])
        );
        // Of thousands of requests only those reached it that were under way before it was known to be frozen.
        Assert.InRange(await FailedAttempts(weft) - cold, 5, 5 + Connections + Pending);
        Assert.True(await weft.Metric("weft_ejections_total", "client=\"/#/file/leaf\"") >= 1);
        Assert.Equal(1, await weft.Metric("weft_endpoints", "client=\"/#/file/leaf\"", "state=\"ejected\""));
        Assert.InRange(weft.ResidentBytes, 0, before + Memory);
    }

    private static Task<double> FailedAttempts(WeftProcess weft) =>
        weft.Metric("weft_attempts_total", "client=\"/#/file/leaf\"", "result=\"failure\"");
}
