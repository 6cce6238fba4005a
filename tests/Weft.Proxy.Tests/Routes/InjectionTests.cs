using System.Diagnostics;
using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Faults on purpose, end to end.</summary>
public class InjectionTests
{
    private static string Fault(string spec) =>
        $$"""
            kind: FaultInjection
            metadata: {name: f}
            spec: {parentRefs: [{name: web}], {{spec}}}

            """;

    [Fact]
    public async Task A_share_of_requests_is_answered_in_place_of_the_service()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            names: n => n.Set("web", upstream.Address),
            documents: Fault("abort: {status: 503, percent: 25}")
        );
        using var client = await mesh.ConnectAsync();
        var aborted = 0;
        for (var i = 0; i < 400; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            aborted += (await client.ReadResponseAsync())!.Status == 503 ? 1 : 0;
        }

        Assert.InRange(aborted, 65, 135); // Four standard deviations.
        Assert.Equal(400 - aborted, upstream.Requests.Count);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(aborted, mesh.Count("weft_requests_total", ("status", "503"), ("result", "failure")));
        Assert.Equal(400 - aborted, mesh.Count("weft_attempts_total"));
    }

    [Fact]
    public async Task Only_requests_that_match_are()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            names: n => n.Set("web", upstream.Address),
            documents: Fault("matches: [{headers: [{name: x-chaos, value: \"on\"}]}], abort: {status: 418}")
        );

        Assert.Equal(200, (await mesh.AskAsync()).Status);
        Assert.Equal(418, (await mesh.AskAsync(fields: "x-chaos: on\r\n")).Status);
    }

    [Fact]
    public async Task A_delay_holds_the_request_and_lets_it_pass()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            names: n => n.Set("web", upstream.Address),
            documents: Fault("delay: {fixed: 120ms}")
        );
        var started = Stopwatch.GetTimestamp();

        Assert.Equal(200, (await mesh.AskAsync()).Status);

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(115));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_delay_does_not_outlast_the_requests_time()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{timeouts: {request: 80ms}}",
            names: n => n.Set("web", upstream.Address),
            documents: Fault("delay: {fixed: 30s}")
        );

        Assert.Equal((504, "deadline"), ((await mesh.AskAsync()) is var r ? (r.Status, r.Error) : default));
        Assert.Empty(upstream.Requests);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_delay()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            names: n => n.Set("web", upstream.Address),
            documents: Fault("delay: {fixed: 30s}")
        );
        using var client = await mesh.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await mesh.OnLoopAsync(() => 0);

        client.Reset();

        await mesh.IsAtRestAsync();
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_grpc_call_is_aborted_with_its_own_status()
    {
        using var upstream = Http2Upstream.Answering();
        await using var mesh = new Mesh(
            names: n => n.Set("web", upstream.Address),
            documents: Fault("abort: {grpc: unavailable}")
        );
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client
            .Headers(
                1,
                endStream: true,
                (":method", "POST"),
                (":scheme", "http"),
                (":path", "/a.B/C"),
                (":authority", "web"),
                ("content-type", "application/grpc")
            )
            .FlushAsync();
        var head = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));

        Assert.Equal((":status", "200"), head[0]);
        Assert.Contains(("grpc-status", "14"), head);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_requests_total", ("grpc_status", "unavailable"), ("result", "failure")));
    }
}
