using Weft.Http.Tests.Connections;

namespace Weft.Http.Tests.Tunnels;

/// <summary>A tunnel as the client of HTTP/1.1 has it.</summary>
public sealed class Http1ClientTunnelTests
{
    private const string Asked =
        $"GET /chat HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 13\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: {Handshakes.Key}\r\n\r\n";

    [Fact]
    public async Task What_comes_with_the_switch_is_the_tunnels_and_the_server_may_end_first()
    {
        await using var test = await AskAsync(Handshakes.Upgrade, Asked);
        await test.Server.SendAsync(Handshakes.Switched + "hel");
        await test.Server.SendAsync("lo");
        test.Server.EndSending();
        Assert.Equal("101 hello", await test.ReadAsync());
        Assert.True(await SendAsync(test, "bye", BodyState.More));
        Assert.True(await SendAsync(test, "!", BodyState.Last));
        await test.Server.ExpectLastAsync("bye!");
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task The_client_may_end_first_and_what_it_sent_arrives_whole()
    {
        var bytes = new byte[8 * 1024 * 1024];
        await using var test = await AskAsync(Handshakes.Upgrade, Asked);
        await test.Server.SendAsync(Handshakes.Switched);
        Assert.Equal(
            ResponseOutcome.Head,
            await test.Loop.RunAsync(async _ => await test.Client.ReadHeadAsync(RequestMethod.Get))
        );
        var sending = test.Loop.RunAsync(async _ =>
            await test.Client.SendBodyAsync(new BodyChunk(bytes, BodyState.Last), null)
        );
        var got = test.Server.ReadToEndAsync();
        Assert.True(await sending);
        test.Server.EndSending();
        Assert.Equal(" Last", await test.Loop.RunAsync(_ => Handshakes.ListenAsync(test.Client.ResponseBody)));
        Assert.False(await test.EndAsync());
        Assert.Equal(bytes.Length, (await got).Length);
    }

    [Fact]
    public async Task A_server_that_resets_breaks_its_side()
    {
        await using var test = await AskAsync(Handshakes.Upgrade, Asked);
        await test.Server.SendAsync(Handshakes.Switched);
        Assert.Equal(
            ResponseOutcome.Head,
            await test.Loop.RunAsync(async _ => await test.Client.ReadHeadAsync(RequestMethod.Get))
        );
        test.Server.Reset();
        Assert.Equal(" Broken", await test.Loop.RunAsync(_ => Handshakes.ListenAsync(test.Client.ResponseBody)));
    }

    [Theory]
    [InlineData("Connection: upgrade\r\nUpgrade: websocket\r\n")]
    [InlineData("Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n")]
    [InlineData($"Connection: upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: {Handshakes.Accept}\r\n")]
    [InlineData($"Connection: upgrade\r\nSec-WebSocket-Accept: {Handshakes.Accept}\r\n")]
    [InlineData($"Upgrade: websocket\r\nSec-WebSocket-Accept: {Handshakes.Accept}\r\n")]
    [InlineData($"Connection: upgrade\r\nUpgrade: websocket, x\r\nSec-WebSocket-Accept: {Handshakes.Accept}\r\n")]
    public async Task A_switch_to_something_else_is_malformed(string fields)
    {
        await using var test = await AskAsync(Handshakes.Upgrade, Asked);
        await test.Server.SendAsync($"HTTP/1.1 101 Switching Protocols\r\n{fields}\r\n");
        Assert.Equal("Malformed", await test.ReadAsync());
        Assert.Equal(RejectReason.UnexpectedProtocolSwitch, test.Client.Reason);
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task A_refusal_is_an_answer_like_any_other_and_the_connection_is_not_used_again()
    {
        await using var test = await AskAsync(Handshakes.Upgrade, Asked);
        await test.Server.SendAsync("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno");
        Assert.Equal("200 no", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(Handshakes.Upgrade, Asked)]
    [InlineData(Handshakes.Connect, Handshakes.Connect)]
    public async Task A24_nothing_of_the_tunnel_is_sent_before_the_switch(string request, string asked)
    {
        await using var test = await AskAsync(request + "early", asked);
        Assert.False(await SendAsync(test, "GET /evil HTTP/1.1\r\n\r\n", BodyState.More));
        await test.Server.SendAsync("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        Assert.Equal("403 ", await test.ReadAsync());
        Assert.False(await SendAsync(test, "GET /evil HTTP/1.1\r\n\r\n", BodyState.Last));
        Assert.False(await test.EndAsync());
        await test.Server.ExpectResetAsync();
    }

    [Fact]
    public async Task A_success_to_CONNECT_is_a_switch()
    {
        await using var test = await AskAsync(Handshakes.Connect, Handshakes.Connect);
        await test.Server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx");
        test.Server.EndSending();
        Assert.Equal("200 x", await test.ReadAsync(RequestMethod.Connect));
        Assert.True(await SendAsync(test, "y", BodyState.Last));
        await test.Server.ExpectLastAsync("y");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", "Malformed", RejectReason.ProtocolNotSwitched)]
    [InlineData("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno", "404 no", RejectReason.None)]
    [InlineData(Handshakes.Switched, "Malformed", RejectReason.UnexpectedProtocolSwitch)]
    public async Task An_extended_CONNECT_is_asked_with_a_key_of_our_own_and_success_means_a_switch(
        string answer,
        string outcome,
        RejectReason reason
    )
    {
        await using var test = await TestClient.ConnectAsync();
        var head = Extended();
        Assert.True(
            await test.Loop.RunAsync(async _ =>
                await test.Client.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null)
            )
        );
        var asked = await test.Server.ReadHeadAsync();
        Assert.StartsWith("GET /chat HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.True(WebSocketHandshake.IsKey(Wire.Bytes(KeyIn(asked))));
        await test.Server.SendAsync(answer); // The example's proof is not that of our key.
        Assert.Equal(outcome, await test.ReadAsync());
        Assert.Equal(reason, test.Client.Reason);
    }

    [Fact]
    public async Task The_proof_for_a_key_of_our_own_opens_the_tunnel()
    {
        await using var test = await TestClient.ConnectAsync();
        var head = Extended();
        Assert.True(
            await test.Loop.RunAsync(async _ =>
                await test.Client.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null)
            )
        );
        var key = KeyIn(await test.Server.ReadHeadAsync());
        Assert.NotEqual(Handshakes.Key, key);
        var proof = new byte[WebSocketHandshake.AcceptBytes];
        WebSocketHandshake.WriteAccept(Wire.Bytes(key), proof);
        await test.Server.SendAsync(
            Handshakes.Switched.Replace(Handshakes.Accept, Wire.Text(proof), StringComparison.Ordinal) + "hi"
        );
        test.Server.EndSending();
        Assert.Equal("101 hi", await test.ReadAsync());
        Assert.Equal(
            "",
            Wire.Written(test.Client.Response)
                .Replace("Connection: Upgrade\r\nUpgrade: websocket\r\n", "", StringComparison.Ordinal)
        );
    }

    private static RequestHead Extended()
    {
        var head = Wire.Request(Handshakes.Upgrade);
        HopByHop.Drop(head);
        head.Version = ProtocolVersion.Http2;
        head.SetWebSocketKey(0, 0);
        return head;
    }

    private static string KeyIn(string head) =>
        head[(head.IndexOf("sec-websocket-key: ", StringComparison.Ordinal) + 19)..].Split("\r\n")[0];

    private static Task<bool> SendAsync(TestClient test, string text, BodyState state) =>
        test.Loop.RunAsync(async _ => await test.Client.SendBodyAsync(new BodyChunk(Wire.Bytes(text), state), null));

    private static async Task<TestClient> AskAsync(string message, string asked)
    {
        var end = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var head = Wire.Request(message[..end]);
        HopByHop.Drop(head);
        var test = await TestClient.ConnectAsync();
        var first = new BodyChunk(Wire.Bytes(message[end..]), BodyState.Last);
        Assert.True(
            await test.Loop.RunAsync(async _ => await test.Client.SendHeadAsync(head, new AddedFields(), first, null))
        );
        await test.Server.ExpectAsync(asked);
        return test;
    }
}
