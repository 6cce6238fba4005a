using System.Net;
using Weft.Naming;

namespace Weft.Proxy.Tests;

/// <summary>Names and endpoints that are not known yet, or not known any more.</summary>
public class PendingNameTests
{
    [Fact]
    public async Task A_request_waits_until_its_name_is_bound()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.SetState("web", NameState.Pending.Instance));

        var asking = mesh.AskAsync();
        await IsWaitingAsync(mesh);
        mesh.Names.Set("web", upstream.Address);
        await mesh.PublishAsync();

        Assert.Equal(200, (await asking).Status);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_request_waits_until_its_endpoints_are_known()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n =>
        {
            n.Set("web", upstream.Address);
            n.SetEndpoints("web", EndpointSet.Pending.Instance);
        });

        var asking = mesh.AskAsync();
        await IsWaitingAsync(mesh);
        // Another change of the world is no answer.
        await mesh.PublishAsync();
        await IsWaitingAsync(mesh);
        mesh.Names.Set("web", upstream.Address);
        await mesh.PublishAsync();

        Assert.Equal(200, (await asking).Status);
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_waits_no_longer_than_its_own_time(bool isBound)
    {
        await using var mesh = new Mesh(names: n =>
        {
            n.Set("web");
            n.SetEndpoints("web", EndpointSet.Pending.Instance);
            if (!isBound)
            {
                n.SetState("web", NameState.Pending.Instance);
            }
        });

        var response = await mesh.AskAsync(fields: "weft-timeout: 100ms\r\n");

        Assert.Equal((504, "deadline"), (response.Status, response.Error));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_client_that_goes_away_meanwhile_costs_the_endpoint_nothing()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.SetState("web", NameState.Pending.Instance));
        var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await IsWaitingAsync(mesh);
        client.Reset();
        await mesh.OnLoopAsync(() => 0);
        mesh.Names.Set("web", upstream.Address);
        await mesh.PublishAsync();

        await mesh.IsAtRestAsync();
        await Eventually.HoldsAsync(
            () => mesh.Count("weft_requests_total", ("status", "499")) == 1,
            "a request that its client gave up"
        );
        Assert.Equal(0, upstream.Accepted);
    }

    [Fact]
    public async Task What_was_known_last_stays_while_the_source_is_silent_or_broken()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);

        foreach (var state in (NameState[])[NameState.Pending.Instance, new NameState.Failed("down")])
        {
            mesh.Names.SetState("web", state);
            await mesh.PublishAsync();
            Assert.Equal(200, (await mesh.AskAsync()).Status);
        }

        mesh.Names.Set("web", upstream.Address);
        foreach (var set in (EndpointSet[])[EndpointSet.Pending.Instance, new EndpointSet.Failed("down")])
        {
            mesh.Names.SetEndpoints("web", set);
            await mesh.PublishAsync();
            Assert.Equal(200, (await mesh.AskAsync()).Status);
        }

        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task An_answer_that_there_is_nothing_is_believed()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);

        mesh.Names.SetEndpoints("web", EndpointSet.Neg.Instance);
        await mesh.PublishAsync();
        Assert.Equal("no-endpoints", (await mesh.AskAsync()).Error);
        mesh.Names.SetState("web", NameState.Neg);
        await mesh.PublishAsync();
        Assert.Equal("no-binding", (await mesh.AskAsync()).Error);
    }

    [Fact]
    public async Task Endpoints_that_were_never_known_say_why()
    {
        await using var mesh = new Mesh(names: n =>
        {
            n.Set("web", new IPEndPoint(IPAddress.Loopback, 1));
            n.SetEndpoints("web", new EndpointSet.Failed("the resolver is down"));
        });

        var response = await mesh.AskAsync();

        Assert.Equal("no-endpoints", response.Error);
        Assert.Contains("the resolver is down", response.Body, StringComparison.Ordinal);
    }

    /// <summary>The request has been read, and has not been answered.</summary>
    private static async Task IsWaitingAsync(Mesh mesh)
    {
        await Eventually.HoldsAsync(() => mesh.OnLoopAsync(() => mesh.Loop.Waiters.Count == 1), "a request that waits");
    }
}
