using System.Net;
using System.Net.Sockets;
using Weft.Http.Tests.Connections;
using Weft.Net;

namespace Weft.Http.Tests.Tunnels;

/// <summary>The exchange of a CONNECT that ends at its proxy.</summary>
public sealed class TunnelConnectionTests
{
    [Fact]
    public async Task It_answers_200_by_itself_and_carries_bytes_until_both_sides_have_ended()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(TestLoop.AnyPort);
        listener.Listen();
        await using var loop = new TestLoop(Transport.Epoll);
        TunnelConnection tunnel = null!;
        await loop.RunAsync(async l =>
        {
            var (connection, failure) = await l.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, 10_000);
            Assert.Null(failure);
            tunnel = new TunnelConnection(connection!);
            var head = Wire.Request(Handshakes.Connect);
            Assert.True(await tunnel.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null));
            Assert.Equal(ResponseOutcome.Head, await tunnel.ReadHeadAsync(RequestMethod.Connect));
            Assert.Equal((200, true), (tunnel.Response.Status, tunnel.Response.SwitchesProtocol));
            Assert.True(await tunnel.SendBodyAsync(new BodyChunk(Wire.Bytes("ping"), BodyState.More), null));
        });
        using var peer = new RawPeer(await listener.AcceptAsync(TestContext.Current.CancellationToken));
        await peer.ExpectAsync("ping");
        await peer.SendAsync("pong");
        peer.EndSending();
        Assert.Equal("pong Last", await loop.RunAsync(_ => Handshakes.ListenAsync(tunnel.ResponseBody)));
        await loop.RunAsync(async _ =>
        {
            Assert.True(await tunnel.SendBodyAsync(BodyChunk.End, null));
            Assert.False(tunnel.EndExchange());
            tunnel.Close();
        });
        await peer.ExpectLastAsync("");
        Assert.Equal(0, await loop.AskAsync(() => loop.Loop.Buffers.Lent));
    }
}
