using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

/// <summary><c>ws</c> as client and server, through one proxy and through two; between these the upgrade may be an extended CONNECT.</summary>
public sealed class WebSocketTests
{
    /// <summary>The versions of the hops behind the first proxy; <c>ws</c> itself speaks HTTP/1.1 alone.</summary>
    public static TheoryData<string> Ways => ["http1", "http1 http1", "http2 http1"];

    [Theory, MemberData(nameof(Ways))]
    public async Task messages_large_and_many_come_back_whole_and_in_order(string hops)
    {
        await using var server = await ToolServer.Node("ws-server.js");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "echo");

        Assert.Equal("Emma", seen.GetProperty("text").GetString());
        Assert.True(seen.GetProperty("same").GetBoolean(), "A message of 8 MB came back unchanged.");
        Assert.Equal(5000, seen.GetProperty("inOrder").GetInt32());
        Assert.Equal("are you there", seen.GetProperty("pinged").GetString());
        Assert.Equal("chat", seen.GetProperty("protocol").GetString());
        Assert.Equal("permessage-deflate", seen.GetProperty("extensions").GetString());
        Assert.Equal("4001 done", EndOf(seen.GetProperty("closed")));
        await way.IsQuiet();
        Assert.Equal(1, await way.Outbound.Metric("weft_requests_total", "status=\"101\"", "result=\"success\""));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task each_side_learns_how_the_other_ended(string hops)
    {
        await using var server = await ToolServer.Node("ws-server.js");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "ends");

        Assert.Equal("4001 done", EndOf(seen.GetProperty("seenByServer")));
        Assert.Equal("4002 enough", EndOf(seen.GetProperty("seenByClient")));
        Assert.Equal(1006, seen.GetProperty("seenBroken").GetInt32());
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task a_refusal_is_passed_on(string hops)
    {
        await using var server = await ToolServer.Node("ws-server.js");
        await using var way = await Way.Start(hops, server.Address);

        var seen = await Client(way, "refused");

        Assert.Equal(
            (403, "close"),
            (seen.GetProperty("status").GetInt32(), seen.GetProperty("connection").GetString())
        );
        await way.IsQuiet();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task what_came_behind_a_refused_upgrade_is_no_request(string hops)
    {
        await using var server = await ToolServer.Node("ws-server.js");
        await using var way = await Way.Start(hops, server.Address);
        using var client = await ScriptedPeer.Connect(way.Front);

        await client.Send(
            "GET /refuse HTTP/1.1\r\nHost: books\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                + "GET /smuggled HTTP/1.1\r\nHost: books\r\n\r\n"
        );
        Assert.Equal(403, (await client.ReadFinalResponse()).Status);
        await client.ExpectEnd();
        await way.IsQuiet();
        foreach (var weft in way.Proxies)
            Assert.Equal(1, await weft.Metric("weft_requests_total"));
    }

    private static Task<JsonElement> Client(Way way, string scenario) =>
        NodeProgram.Run("ws-client.js", way.Front, Way.Service, scenario);

    private static string EndOf(JsonElement closed) =>
        $"{closed.GetProperty("code").GetInt32()} {closed.GetProperty("reason").GetString()}";
}
