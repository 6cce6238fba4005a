using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Which gRPC calls are tried again.</summary>
public class GrpcRetryTests
{
    private const string Backoff = "backoff: {base: 1ms, max: 1ms}";

    private static readonly (string, string)[] s_call =
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/shop.Books/Find"),
        (":authority", "web"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
    ];

    [Theory]
    [InlineData("grpc 14", 2)]
    [InlineData("grpc 8", 2)]
    [InlineData("grpc 7", 1)]
    [InlineData("grpc 14 grpc-retry-pushback-ms: 1", 2)]
    [InlineData("grpc 14 grpc-retry-pushback-ms: -1", 1)]
    public async Task A_grpc_call_is_tried_again_by_its_status_in_the_head(string step, int attempts)
    {
        var steps = new Steps(step, "grpc 0");
        using var one = steps.Http2();
        await using var mesh = new Mesh(
            service: $"{{retries: {{grpc: [unavailable, resource-exhausted], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: false, s_call).FlushAsync();
        await client.Data(1, endStream: true, "call").FlushAsync();
        var head = client.Decode(await client.ExpectAsync(FrameType.Headers, 1));

        Assert.Contains(("grpc-status", attempts == 2 ? "0" : step.Split(' ')[1]), head);
        Assert.Equal(attempts, steps.Taken);
        Assert.All(steps.Bodies, b => Assert.Equal("call", b));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task One_whose_status_follows_a_message_is_not()
    {
        var taken = 0;
        using var one = new Http2Upstream(async peer =>
        {
            while (await peer.NextMessageAsync() is { } frame)
            {
                taken++;
                peer.Headers(frame.StreamId, endStream: false, (":status", "200"), ("content-type", "application/grpc"))
                    .Data(frame.StreamId, endStream: false, "message")
                    .Headers(frame.StreamId, endStream: true, ("grpc-status", "14"));
                await peer.FlushAsync();
            }
        });
        await using var mesh = new Mesh(
            service: $"{{retries: {{grpc: [unavailable], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        using var client = await RawPeer.ConnectAsync(mesh.Address);

        await client.Headers(1, endStream: true, s_call).FlushAsync();

        Assert.Equal([("grpc-status", "14")], (await client.ResponseAsync(1)).Trailers);
        Assert.Equal(1, taken);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(0, mesh.Count("weft_retries_total"));
    }
}
