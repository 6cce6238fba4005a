using Weft.Net;

namespace Weft.Http.Tests.Tunnels;

/// <summary>The example of RFC 6455 section 1.3, and requests and responses made of it.</summary>
internal static class Handshakes
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    public const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    public const string Upgrade =
        $"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n\r\n";

    public const string Connect = "CONNECT db:5432 HTTP/1.1\r\nHost: db:5432\r\n\r\n";

    public const string Switched =
        $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {Accept}\r\n\r\n";

    /// <summary>What a server puts on the wire when its handler agrees to <see cref="Upgrade"/>.</summary>
    public const string Agreed =
        $"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: {Accept}\r\n\r\n";

    /// <summary>An answer that agrees to a tunnel, as a client connection hands it on.</summary>
    public static ResponseHead Agreement() =>
        Wire.Response("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");

    /// <summary>Agrees, and sends everything back until the client has ended its side.</summary>
    public static async LoopTask EchoAsync(ServerExchange exchange)
    {
        var sound = await exchange.SendHeadAsync(Agreement(), new AddedFields(), BodyChunk.None, null);
        while (sound)
        {
            var chunk = await exchange.RequestBody.ReadAsync();
            sound = !chunk.IsFailed && await exchange.SendBodyAsync(chunk, null) && !chunk.IsLast;
        }
    }

    /// <summary>Agrees, says a word and that it was the last, and listens on; completes with what it heard and how that ended.</summary>
    public static async Task<string> SpeakAndListenAsync(ServerExchange exchange)
    {
        var last = new BodyChunk(Wire.Bytes("bye"), BodyState.Last);
        Assert.True(await exchange.SendHeadAsync(Agreement(), new AddedFields(), last, null));
        return await ListenAsync(exchange.RequestBody);
    }

    public static async Task<string> ListenAsync(BodySource body)
    {
        var heard = "";
        while (true)
        {
            var chunk = await body.ReadAsync();
            heard += Wire.Text(chunk.Data.Span);
            if (chunk.State != BodyState.More)
            {
                return $"{heard} {chunk.State}";
            }
        }
    }
}
