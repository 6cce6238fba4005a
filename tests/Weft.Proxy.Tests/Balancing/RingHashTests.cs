namespace Weft.Proxy.Tests;

/// <summary>The same key to the same endpoint.</summary>
public sealed class RingHashTests : IDisposable
{
    private const int Keys = 200;

    private readonly Upstream[] _upstreams = [.. Enumerable.Range(0, 5).Select(i => Upstream.Answering($"{i}"))];

    public void Dispose() => Array.ForEach(_upstreams, u => u.Dispose());

    [Theory]
    [InlineData("header:x-user", "x-user: user-{0}\r\n")]
    [InlineData("cookie:session", "cookie: a=b; session=s{0}; c=d\r\n")]
    public async Task A_key_in_the_request_stays_at_its_endpoint_on_every_loop(string on, string fields)
    {
        await using var mesh = new Mesh(
            service: $"{{balancer: {{kind: ringHash, on: \"{on}\"}}}}",
            names: n => n.Set("web", [.. _upstreams.Select(u => u.Address)]),
            workers: 3
        );

        var first = await MapAsync(mesh, fields);
        var again = await MapAsync(mesh, fields);

        Assert.Equal(first, again);
        Assert.All(_upstreams, u => Assert.InRange(u.Requests.Count, 2 * Keys / 5 / 2, 2 * Keys / 5 * 2));
    }

    [Fact]
    public async Task A_client_stays_at_its_endpoint()
    {
        await using var mesh = new Mesh(
            "proxyProtocol: [127.0.0.0/8]",
            service: "{balancer: {kind: ringHash, on: source}}",
            names: n => n.Set("web", [.. _upstreams.Select(u => u.Address)])
        );

        var answers = new HashSet<string>();
        for (var client = 0; client < 20; client++)
        {
            var mine = new HashSet<string>();
            for (var port = 1; port <= 3; port++)
            {
                using var wire = await mesh.ConnectAsync();
                await wire.SendAsync($"PROXY TCP4 192.0.2.{client} 192.0.2.200 {port} 80\r\n");
                await wire.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
                mine.Add((await wire.ReadResponseAsync())!.Body);
            }

            answers.Add(Assert.Single(mine));
        }

        Assert.InRange(answers.Count, 3, 5);
    }

    [Fact]
    public async Task When_one_endpoint_goes_hardly_any_key_moves_that_was_not_its_own()
    {
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ringHash, on: \"header:x-user\"}}",
            names: n => n.Set("web", [.. _upstreams.Select(u => u.Address)])
        );
        var before = await MapAsync(mesh, "x-user: {0}\r\n");

        mesh.Names.Set("web", [.. _upstreams.Skip(1).Select(u => u.Address)]);
        await mesh.PublishAsync();
        var after = await MapAsync(mesh, "x-user: {0}\r\n");

        Assert.DoesNotContain("0", after);
        var moved = before.Zip(after).Count(pair => pair.First != "0" && pair.First != pair.Second);
        Assert.InRange(moved, 0, Keys / 20);
    }

    [Fact]
    public async Task Keys_of_one_that_is_down_come_home_and_no_other_moves()
    {
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ringHash, on: \"header:x-user\"}}",
            names: n => n.Set("web", [.. _upstreams.Select(u => u.Address)])
        );
        var before = await MapAsync(mesh, "x-user: {0}\r\n");

        _upstreams[0].Kill();
        var down = await MapAsync(mesh, "x-user: {0}\r\n");
        using var back = Upstream.Answering("0", _upstreams[0].Address.Port);

        Assert.All(before.Zip(down).Where(p => p.First != "0"), p => Assert.Equal(p.First, p.Second));
        await Eventually.HoldsAsync(
            async () => before.SequenceEqual(await MapAsync(mesh, "x-user: {0}\r\n")),
            "all keys are where they were"
        );
    }

    [Fact]
    public async Task Keys_follow_weights()
    {
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ringHash, on: \"header:x-user\"}}",
            names: n => n.Weigh("web", (_upstreams[0].Address, 3), (_upstreams[1].Address, 1))
        );

        var map = await MapAsync(mesh, "x-user: {0}\r\n");

        // Three quarters of 200 keys, give or take four standard deviations.
        Assert.InRange(map.Count(a => a == "0"), 150 - 25, 150 + 25);
    }

    [Fact]
    public async Task Requests_without_a_key_are_spread()
    {
        await using var mesh = new Mesh(
            service: "{balancer: {kind: ringHash, on: \"header:x-user\"}}",
            names: n => n.Set("web", [.. _upstreams.Select(u => u.Address)])
        );

        await MapAsync(mesh, "x-other: {0}\r\n");

        Assert.All(_upstreams, u => Assert.InRange(u.Requests.Count, 10, 80));
    }

    /// <summary>Who answers each key.</summary>
    private static async Task<List<string>> MapAsync(Mesh mesh, string fields)
    {
        var answers = new List<string>(Keys);
        // A connection for each tenth, so that all loops have some.
        foreach (var tenth in Enumerable.Range(0, Keys).Chunk(Keys / 10))
        {
            using var client = await mesh.ConnectAsync();
            foreach (var key in tenth)
            {
                var line = string.Format(System.Globalization.CultureInfo.InvariantCulture, fields, key);
                await client.SendAsync($"GET / HTTP/1.1\r\nhost: web\r\n{line}\r\n");
                answers.Add((await client.ReadResponseAsync())!.Body);
            }
        }

        return answers;
    }
}
