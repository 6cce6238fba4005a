namespace Weft.Proxy.Tests;

/// <summary>The proxy ends without a failed request.</summary>
public class DrainTests
{
    private const string Get = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";

    [Fact]
    public async Task Requests_under_way_are_served_and_say_that_the_connection_closes()
    {
        var answer = new TaskCompletionSource();
        using var upstream = Waiting(answer.Task);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");
        var draining = mesh.Server.DrainAsync(TimeSpan.FromSeconds(30));
        Assert.True(mesh.Server.IsDraining);
        await RefusesAsync(mesh);
        Assert.False(draining.IsCompleted);
        answer.SetResult();
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal((200, "close"), (response.Status, response["connection"]));
        Assert.True(await client.EndsAsync());
        await draining.WithinLimit();
    }

    [Fact]
    public async Task Connections_without_a_request_are_ended_and_one_that_was_on_its_way_is_served()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var idle = await mesh.ConnectAsync();
        using var late = await mesh.ConnectAsync();
        foreach (var client in (Wire[])[idle, late])
        {
            await client.SendAsync(Get);
            Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        }

        var draining = mesh.Server.DrainAsync(TimeSpan.FromSeconds(30));
        await RefusesAsync(mesh);
        await late.SendAsync(Get);
        var response = (await late.ReadResponseAsync())!;

        Assert.Equal((200, "close"), (response.Status, response["connection"]));
        Assert.True(await idle.EndsAsync());
        await draining.WithinLimit();
    }

    [Fact]
    public async Task What_takes_longer_than_the_limit_is_ended()
    {
        using var upstream = Waiting(new TaskCompletionSource().Task);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");
        await mesh.Server.DrainAsync(TimeSpan.FromMilliseconds(100)).WithinLimit();

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task It_may_be_asked_for_again()
    {
        await using var mesh = new Mesh();

        await mesh.Server.DrainAsync(TimeSpan.FromSeconds(5)).WithinLimit();
        await mesh.Server.DrainAsync(TimeSpan.FromSeconds(5)).WithinLimit();
    }

    [Fact]
    public async Task It_waits_for_requests_of_a_listener_that_a_change_has_removed()
    {
        var answer = new TaskCompletionSource();
        using var upstream = Waiting(answer.Task);
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        await client.SendAsync(Get);
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");

        mesh.Server.Prepare(Renamed(Mesh.ConfigOf(""), "first")).Commit();
        var draining = mesh.Server.DrainAsync(TimeSpan.FromSeconds(30));
        await RefusesAsync(mesh);
        Assert.False(draining.IsCompleted);
        answer.SetResult();

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await draining.WithinLimit();
    }

    private static Resources.ProxyConfig Renamed(Resources.ProxyConfig config, string name) =>
        config with
        {
            Listeners = [config.Listeners[0] with { Name = name }],
        };

    private static async Task RefusesAsync(Mesh mesh)
    {
        var address = mesh.Address;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var client = await Wire.ConnectAsync(address);
                    return false;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            "no new connection"
        );
    }

    private static Upstream Waiting(Task until) =>
        new(async c =>
        {
            await c.ReadAsync();
            await until;
            await c.AnswerAsync("done");
            await c.ReadAsync();
        });
}
