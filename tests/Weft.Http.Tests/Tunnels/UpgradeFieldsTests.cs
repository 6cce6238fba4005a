namespace Weft.Http.Tests.Tunnels;

/// <summary>Which requests of HTTP/1.1 are for a tunnel.</summary>
public sealed class UpgradeFieldsTests
{
    private const string Socket = $"Upgrade: websocket\r\nSec-WebSocket-Key: {Handshakes.Key}\r\n";

    [Theory]
    [InlineData("GET", Socket, "websocket")]
    [InlineData("GET", $"Sec-WebSocket-Key: {Handshakes.Key}\r\nUpgrade: WebSocket \r\n", "WebSocket")]
    [InlineData("POST", "Upgrade: tcp\r\n", "tcp")]
    [InlineData("POST", "Upgrade: SPDY/3.1\r\nContent-Length: 0\r\n", "SPDY/3.1")]
    public void One_protocol_and_no_body_ask_for_a_tunnel(string method, string fields, string protocol)
    {
        var head = Wire.Request($"{method} / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n{fields}\r\n");
        Assert.Equal((true, true, protocol), (head.IsTunnel, head.UpgradeRequested, Wire.Text(head.Protocol)));
        Assert.Equal((BodyKind.None, -1), (head.Body, head.ContentLength));
        Assert.Equal(-1, head.Find(KnownHeader.ContentLength));
    }

    [Theory]
    // HTTP under another name, and TLS.
    [InlineData("GET", "Upgrade: h2c\r\n")]
    [InlineData("GET", "Upgrade: HTTP/2.0\r\n")]
    [InlineData("GET", "Upgrade: TLS/1.0\r\n")]
    // More than one, none, or no name.
    [InlineData("GET", "Upgrade: websocket, x\r\n")]
    [InlineData("GET", "Upgrade: x,\r\n")]
    [InlineData("GET", "Upgrade: x\r\nUpgrade: x\r\n")]
    [InlineData("GET", "Upgrade:\r\n")]
    [InlineData("GET", "Upgrade: a b\r\n")]
    [InlineData("GET", "Upgrade: a/\r\n")]
    [InlineData("GET", "Upgrade: a/b/c\r\n")]
    // A body.
    [InlineData("POST", "Upgrade: x\r\nContent-Length: 1\r\n")]
    [InlineData("POST", "Upgrade: x\r\nTransfer-Encoding: chunked\r\n")]
    // No WebSocket of RFC 6455.
    [InlineData("POST", Socket)]
    [InlineData("GET", "Upgrade: websocket\r\n")]
    [InlineData("GET", "Upgrade: websocket\r\nSec-WebSocket-Key: short\r\n")]
    [InlineData("GET", "Upgrade: websocket\r\nSec-WebSocket-Key: !Ghl-HNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("GET", $"{Socket}Sec-WebSocket-Key: {Handshakes.Key}\r\n")]
    public void Anything_else_is_a_plain_request_after_which_the_connection_ends(string method, string fields)
    {
        var head = Wire.Request($"{method} / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n{fields}\r\n");
        Assert.Equal((false, true, ""), (head.IsTunnel, head.UpgradeRequested, Wire.Text(head.Protocol)));
    }

    [Fact]
    public void HTTP_1_0_knows_no_upgrade()
    {
        var head = Wire.Request($"GET / HTTP/1.0\r\nConnection: upgrade\r\n{Socket}\r\n");
        Assert.Equal((false, false), (head.IsTunnel, head.UpgradeRequested));
    }

    [Theory]
    [InlineData("CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\n\r\n")]
    [InlineData("CONNECT db:5432 HTTP/1.0\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("CONNECT db:5432 HTTP/1.1\r\nHost: db\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")]
    public void CONNECT_asks_for_a_tunnel_of_no_protocol(string request)
    {
        var head = Wire.Request(request);
        Assert.Equal((true, true, ""), (head.IsTunnel, head.UpgradeRequested, Wire.Text(head.Protocol)));
        Assert.Equal(-1, head.ContentLength);
    }

    [Fact]
    public void The_key_is_between_neighbours_and_no_field_any_more()
    {
        var head = Wire.Request(Handshakes.Upgrade);
        HopByHop.Drop(head);
        Assert.Equal("Host: a\r\nSec-WebSocket-Version: 13\r\n", Wire.Written(head));
    }
}
