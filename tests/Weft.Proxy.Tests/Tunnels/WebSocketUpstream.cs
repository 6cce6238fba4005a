using System.Security.Cryptography;
using System.Text;

namespace Weft.Proxy.Tests.Tunnels;

/// <summary>Servers that switch to WebSocket, and the request that asks for it.</summary>
internal static class WebSocketUpstream
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    public const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    public const string Ask =
        $"GET /chat HTTP/1.1\r\nhost: web\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: {Key}\r\nsec-websocket-version: 13\r\n\r\n";

    /// <summary>Switches every connection, and then does what the test says.</summary>
    public static Upstream Switching(Func<Wire, Task> then) =>
        new(async connection =>
        {
            if (await connection.ReadAsync() is { } seen)
            {
                await AgreeAsync(connection, seen);
                await then(connection.Wire);
            }
        });

    /// <summary>Sends everything back, and ends when the other side has.</summary>
    public static async Task EchoAsync(Wire wire)
    {
        while (await wire.ReadAsync(1) is { Length: > 0 } text)
        {
            await wire.SendAsync(text);
        }
    }

    public static Task AgreeAsync(UpstreamConnection connection, Seen request)
    {
#pragma warning disable CA5350 // The protocol asks for it.
        var proof = SHA1.HashData(
            Encoding.ASCII.GetBytes(request["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        );
#pragma warning restore CA5350
        return connection.Wire.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + $"Sec-WebSocket-Accept: {Convert.ToBase64String(proof)}\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
        );
    }

    /// <summary>Asks for a tunnel, which must be opened.</summary>
    public static async Task<Wire> OpenAsync(Mesh mesh)
    {
        var client = await mesh.ConnectAsync();
        await client.SendAsync(Ask);
        var answer = (await client.ReadResponseAsync())!;
        Assert.Equal((101, "websocket", "upgrade"), (answer.Status, answer["upgrade"], answer["connection"]));
        Assert.Equal((Accept, "chat"), (answer["sec-websocket-accept"], answer["sec-websocket-protocol"]));
        return client;
    }
}
