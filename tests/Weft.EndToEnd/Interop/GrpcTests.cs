using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

/// <summary>grpc-js as client and server, through one proxy and through two.</summary>
public sealed class GrpcTests
{
    private const int Cancelled = 1;
    private const int DeadlineExceeded = 4;
    private const int ResourceExhausted = 8;
    private const int FailedPrecondition = 9;
    private const int Unimplemented = 12;
    private const int Unavailable = 14;

    /// <summary>The versions of the hops behind the first proxy; grpc-js itself speaks HTTP/2 alone.</summary>
    public static TheoryData<string> Ways => ["http2", "http2 http2", "http1 http2"];

    [Theory, MemberData(nameof(Ways))]
    public async Task calls_of_all_kinds_arrive_whole(string hops)
    {
        await using var server = await ToolServer.Node("grpc-server.js", "one");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "kinds");

        var unary = seen.GetProperty("unary");
        Assert.Equal("Emma", unary.GetProperty("answer").GetProperty("text").GetString());
        Assert.Equal("before", unary.GetProperty("head").GetProperty("x-head").GetString());
        Assert.Equal("after", unary.GetProperty("trailers").GetProperty("x-trailer").GetString());
        Assert.True(seen.GetProperty("counted").GetBoolean(), "All of the server's stream came, in order.");
        Assert.Equal(2_001_000, seen.GetProperty("sum").GetInt32());
        Assert.Equal(200, seen.GetProperty("turns").GetInt32());
        Assert.Equal(0, seen.GetProperty("ended").GetInt32());
        Assert.True(seen.GetProperty("large").GetBoolean(), "A message of 3 MB came back unchanged.");
        Assert.Equal(5, await way.Outbound.Metric("weft_requests_total", "grpc_status=\"ok\"", "result=\"success\""));
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task an_error_keeps_its_status_message_and_metadata(string hops)
    {
        await using var server = await ToolServer.Node("grpc-server.js", "one");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "errors");

        var unary = seen.GetProperty("unary");
        Assert.Equal((FailedPrecondition, "déjà vu: 100 %"), StatusOf(unary));
        Assert.Equal("because", unary.GetProperty("trailers").GetProperty("x-why").GetString());
        var broken = seen.GetProperty("broken");
        Assert.Equal((ResourceExhausted, "no more"), StatusOf(broken));
        Assert.Equal("because", broken.GetProperty("trailers").GetProperty("x-why").GetString());
        Assert.Equal("[0,1,2]", broken.GetProperty("messages").GetRawText());
        Assert.Equal(Unimplemented, StatusOf(seen.GetProperty("missing")).Code);
        // An answer of 200 that says something else is judged by what it says.
        var failures = await way.Outbound.Metric(
            "weft_requests_total",
            "grpc_status=\"unimplemented\"",
            "result=\"failure\""
        );
        Assert.Equal(1, failures);
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task a_cancelled_call_is_cancelled_on_the_other_side(string hops)
    {
        await using var server = await ToolServer.Node("grpc-server.js", "one");
        await using var way = await Way.Start(hops, server.Address);

        // Neither call has a deadline: but for the cancellation the server would never hear of it, nor the client of that.
        var seen = await Client(way, "cancellation");

        Assert.Equal(
            (Cancelled, Cancelled),
            (seen.GetProperty("unary").GetInt32(), seen.GetProperty("both").GetInt32())
        );
        Assert.Equal(
            ["hang", "hangBoth"],
            seen.GetProperty("seen").EnumerateArray().Select(c => c.GetProperty("method").GetString())
        );
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task a_deadline_is_known_to_the_server_and_ends_the_call_on_both_sides(string hops)
    {
        await using var server = await ToolServer.Node("grpc-server.js", "one");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "deadline");

        Assert.Equal(DeadlineExceeded, seen.GetProperty("code").GetInt32());
        Assert.True(seen.GetProperty("seen").GetProperty("hasDeadline").GetBoolean());
        await way.IsQuiet();
    }

    [Fact]
    public async Task errors_of_the_proxy_are_statuses()
    {
        await using var server = await ToolServer.Node("grpc-server.js", "one");
        await using var way = await Way.Start("http2", "timeouts: {request: 200ms}", server.Address);

        var (unknown, why) = StatusOf(await NodeProgram.Run("grpc-client.js", way.Front, "authors", "unary"));
        Assert.Equal(Unavailable, unknown);
        Assert.StartsWith("no-binding: ", why, StringComparison.Ordinal);

        // The policy's time; the caller gave none.
        var late = await Client(way, "hang");
        Assert.Equal(DeadlineExceeded, late.GetProperty("code").GetInt32());

        await server.Kill();
        (var refused, why) = StatusOf(await Client(way, "unary"));
        Assert.Equal(Unavailable, refused);
        Assert.StartsWith("connect-failed: ", why, StringComparison.Ordinal);
        await way.IsQuiet();
    }

    [Theory]
    [InlineData("http2")]
    [InlineData("http2 http2")]
    public async Task calls_on_one_connection_are_balanced_over_the_servers(string hops)
    {
        await using var one = await ToolServer.Node("grpc-server.js", "one");
        await using var two = await ToolServer.Node("grpc-server.js", "two");
        await using var way = await Way.Start(hops, "balancer: {kind: roundRobin}", one.Address, two.Address);

        var seen = await Client(way, "many", "1000");

        Assert.Equal(500, seen.GetProperty("one").GetInt32());
        Assert.Equal(500, seen.GetProperty("two").GetInt32());
        Assert.Equal(1, await way.Outbound.Metric("weft_connections_total", "peer=\"downstream\""));
        Assert.Equal(2, await way.Outbound.Metric("weft_connections_total", "peer=\"upstream\""));
        await way.IsQuiet();
    }

    private static Task<JsonElement> Client(Way way, params string[] scenario) =>
        NodeProgram.Run("grpc-client.js", way.Front, [Way.Service, .. scenario]);

    private static (int Code, string Message) StatusOf(JsonElement seen) =>
        (seen.GetProperty("code").GetInt32(), seen.GetProperty("details").GetString()!);
}
