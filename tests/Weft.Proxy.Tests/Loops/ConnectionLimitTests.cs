namespace Weft.Proxy.Tests;

public class ConnectionLimitTests
{
    [Fact]
    public async Task Connections_beyond_the_listeners_limit_are_refused_and_the_others_served()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh("limits: {connections: 2}", names: n => n.Set("web", upstream.Address));
        using var first = await mesh.ConnectAsync();
        using var second = await mesh.ConnectAsync();
        await IsServedAsync(first);
        await IsServedAsync(second);

        await mesh.RefusesAsync();

        await IsServedAsync(first);
        await IsServedAsync(second);
        Assert.Equal(2, mesh.Count("weft_connections_open", ("peer", "downstream")));
        Assert.Equal(3, mesh.Count("weft_connections_total", ("peer", "downstream")));
    }

    [Fact]
    public async Task A_connection_that_ends_makes_room_for_another()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh("limits: {connections: 1}", names: n => n.Set("web", upstream.Address));

        for (var i = 0; i < 5; i++)
        {
            using var client = await mesh.ConnectAsync();
            await IsServedAsync(client);
            client.Dispose();
            await Eventually.HoldsAsync(
                () => mesh.Count("weft_connections_open", ("peer", "downstream")) == 0,
                "no client connection"
            );
        }
    }

    private static async Task IsServedAsync(Wire client)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
    }
}
