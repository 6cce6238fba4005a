using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>What clients can invent is bounded, and does not push out what is in use.</summary>
public class ManyNamesTests
{
    [Fact]
    public async Task A_hundred_thousand_hosts_leave_a_bounded_number_of_names_and_series()
    {
        using var upstream = Upstream.Answering();
        // Every host leads to the one name, so that each would have series of its own.
        await using var mesh = new Mesh(
            dtab: "/svc => /#/t/web ; /svc/nobody => ~",
            names: n => n.Set("web", upstream.Address)
        );
        using var client = await mesh.ConnectAsync();
        Assert.Equal(200, (await mesh.AskAsync("hot")).Status);

        await AskAllAsync(client, Enumerable.Range(0, 5000).Select(i => $"host-{i}"), 200);
        await mesh.PublishAsync("/svc/hot => /#/t/web");
        await AskAllAsync(client, Enumerable.Range(0, 95_000).Select(i => $"absent-{i}"), 503);

        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.InRange(await mesh.OnLoopAsync(() => mesh.Loop.Listeners.Sum(l => l.Names)), 1, 4096);
        Assert.InRange(await mesh.OnLoopAsync(() => mesh.Loop.Concretes.All.Count), 1, 2);
        var series = Scrape.Of(mesh.Registry).Samples.Where(s => s.Name == "weft_requests_total").ToArray();
        Assert.InRange(series.Length, 2, 6000);
        Assert.Equal(100_001, series.Sum(s => s.Value));
        Assert.Equal(200, (await mesh.AskAsync("hot")).Status);
    }

    [Fact]
    public async Task Concrete_names_made_by_clients_are_bounded_and_those_in_use_stay()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(dtab: "/svc => /$/inet/127.0.0.1");
        var hot = $"{upstream.Address.Port}";
        // Nobody listens on these; each is a concrete name of its own.
        var invented = Enumerable.Range(1, 6000).Where(p => p != upstream.Address.Port).Select(p => $"{p}.").ToArray();
        using var client = await mesh.ConnectAsync();

        foreach (var some in invented.Chunk(500))
        {
            await AskAllAsync(client, some.Select(p => p.TrimEnd('.')), null);
            Assert.Equal(200, (await mesh.AskAsync(hot)).Status);
        }

        Assert.InRange(await mesh.OnLoopAsync(() => mesh.Loop.Concretes.All.Count), 1, ConcreteNames.MaxNames);
        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task A_name_whose_concrete_name_had_to_make_way_gets_it_back()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        Assert.Equal(200, (await mesh.AskAsync()).Status);

        var before = await mesh.OnLoopAsync(() =>
        {
            var name = mesh.Loop.Concretes.All.Single();
            for (var i = 0; i < ConcreteNames.MaxNames * 2; i++)
            {
                mesh.Loop.Concretes.Get(ScriptedNames.PathOf($"{i}"), Resources.ServiceSpec.Default, "web");
            }

            return name;
        });

        Assert.True(await mesh.OnLoopAsync(() => before.IsRetired));
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        await mesh.IsAtRestAsync();
    }

    /// <summary>Asks for each host, many at a time on one connection.</summary>
    private static async Task AskAllAsync(Wire client, IEnumerable<string> hosts, int? status)
    {
        foreach (var batch in hosts.Chunk(250))
        {
            var requests = new StringBuilder();
            foreach (var host in batch)
            {
                requests.Append("GET / HTTP/1.1\r\nhost: ").Append(host).Append("\r\n\r\n");
            }

            await client.SendAsync(requests.ToString());
            for (var i = 0; i < batch.Length; i++)
            {
                var response = await client.ReadResponseAsync();
                Assert.NotNull(response);
                if (status is { } expected)
                {
                    Assert.Equal(expected, response.Status);
                }
            }
        }
    }
}
