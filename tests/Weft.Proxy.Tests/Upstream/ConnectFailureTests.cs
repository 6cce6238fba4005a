using System.Net;
using System.Net.Sockets;

namespace Weft.Proxy.Tests;

/// <summary>Endpoints that cannot be connected to.</summary>
public class ConnectFailureTests
{
    private const string Post = "POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody";

    [Fact]
    public async Task Any_request_goes_to_another_one()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", Nobody(), Nobody(), upstream.Address));
        using var client = await mesh.ConnectAsync();

        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync(Post);
            Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        }

        Assert.All(upstream.Requests, r => Assert.Equal("body", r.Body));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Without_another_one_the_client_learns_which_and_why()
    {
        var nobody = Nobody();
        await using var mesh = new Mesh(names: n => n.Set("web", nobody));

        var response = await mesh.AskAsync();

        Assert.Equal((502, "connect-failed"), (response.Status, response.Error));
        Assert.Contains(nobody.ToString(), response.Body, StringComparison.Ordinal);
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "502"), ("try", "first")));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task The_only_endpoint_is_used_as_soon_as_it_is_back()
    {
        var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);

        upstream.Kill();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("connect-failed", (await mesh.AskAsync()).Error);
        }

        using var again = Upstream.Answering("again", upstream.Address.Port);
        Assert.Equal("again", (await mesh.AskAsync()).Body);
    }

    [Fact]
    public async Task After_an_outage_of_all_every_one_that_is_back_gets_its_share_soon()
    {
        var ports = (IPEndPoint[])[Nobody(), Nobody()];
        await using var mesh = new Mesh(names: n => n.Set("web", ports));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("connect-failed", (await mesh.AskAsync()).Error);
        }

        using var one = Upstream.Answering(port: ports[0].Port);
        using var other = Upstream.Answering(port: ports[1].Port);

        // Fifty requests that failed are one outage: the pause is the first one, not the longest.
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal(200, (await mesh.AskAsync()).Status);
                return !one.Requests.IsEmpty && !other.Requests.IsEmpty;
            },
            "requests at both"
        );
    }

    [Fact]
    public async Task A_caller_in_a_hurry_does_not_make_an_endpoint_look_down()
    {
        // A full queue of connects that nobody accepts: the next one hangs.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var address = (IPEndPoint)listener.LocalEndPoint!;
        var fillers = new List<Socket>();
        try
        {
            for (var i = 0; i < 4; i++)
            {
                var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                {
                    Blocking = false,
                };
                fillers.Add(filler);
                _ = filler.ConnectAsync(address, TestContext.Current.CancellationToken).AsTask();
            }

            await using var mesh = new Mesh(service: "{timeouts: {connect: 30s}}", names: n => n.Set("web", address));

            var response = await mesh.AskAsync(fields: "weft-timeout: 150ms\r\n");

            Assert.Equal((504, "deadline"), (response.Status, response.Error));
            var endpoint = await mesh.OnLoopAsync(() => mesh.Loop.Concretes.All.Single().Endpoints[0]);
            Assert.Null(endpoint.DownBecause);
            await mesh.IsAtRestAsync();
        }
        finally
        {
            fillers.ForEach(f => f.Dispose());
        }
    }

    /// <summary>An address at which nobody listens.</summary>
    private static IPEndPoint Nobody()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
