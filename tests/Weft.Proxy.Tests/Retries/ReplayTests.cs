namespace Weft.Proxy.Tests;

/// <summary>The body of a request that is tried again.</summary>
public class ReplayTests
{
    private const string Service =
        "{retries: {on: [5xx, reset], methods: all, replayBuffer: 16KiB, backoff: {base: 1ms, max: 1ms}}}";

    [Theory]
    [InlineData(4)]
    [InlineData(16 * 1024)]
    public async Task A_body_that_is_kept_is_sent_again(int length)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(service: Service, names: n => n.Set("web", one.Address));
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();
        var body = Body(length);

        await client.SendAsync($"PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: {length}\r\n\r\n{body}");

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        Assert.Equal([body, body], steps.Bodies);
        client.Dispose();
        await AtRestAsync(mesh, lent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_body_in_chunks_is_too(int version)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        using var two = steps.Http2();
        await using var mesh = new Mesh(
            service: Service.Replace("{retries", $"{{protocol: http{version}, retries", StringComparison.Ordinal),
            names: n => n.Set("web", version == 1 ? one.Address : two.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
        await Eventually.HoldsAsync(
            () => one.Requests.Count + two.Requests.Count == 1,
            "the head at the endpoint, so that the rest comes later"
        );
        await client.SendAsync("3\r\ndef\r\n0\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        Assert.Equal(["abcdef", "abcdef"], steps.Bodies);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("content-length: 40000\r\n\r\n{0}")]
    [InlineData("transfer-encoding: chunked\r\n\r\n9c40\r\n{0}\r\n0\r\n\r\n")]
    public async Task One_that_is_larger_than_the_buffer_is_not(string form)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(service: Service, names: n => n.Set("web", one.Address));
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\n" + string.Format(form, Body(40_000)));
        var response = (await client.ReadResponseAsync())!;

        Assert.Equal(503, response.Status);
        Assert.Equal(1, steps.Taken);
        client.Dispose();
        await AtRestAsync(mesh, lent);
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "not_replayable")));
    }

    [Fact]
    public async Task What_still_comes_during_the_wait_is_sent_with_the_rest()
    {
        var heads = 0;
        var answered = new TaskCompletionSource();
        var bodies = new List<string>();
        using var one = new Upstream(async c =>
        {
            while (await c.ReadAsync(withBody: false) is not null)
            {
                if (Interlocked.Increment(ref heads) == 1)
                {
                    // Before the body is whole.
                    bodies.Add(await c.Wire.ReadAsync(3));
                    await c.AnswerAsync("", 503, "retry-after: 1\r\nconnection: close\r\n");
                    answered.SetResult();
                    return;
                }

                bodies.Add(await c.Wire.ReadAsync(9));
                await c.AnswerAsync("done");
            }
        });
        await using var mesh = new Mesh(service: Service, names: n => n.Set("web", one.Address));
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 9\r\n\r\nabc");
        await answered.Task.WithinLimit();
        await Eventually.HoldsAsync(() => mesh.Count("weft_attempts_total") == 1, "the first attempt has ended");
        await client.SendAsync("def");
        await Eventually.HoldsAsync(() => Volatile.Read(ref heads) == 2, "the second attempt");
        await client.SendAsync("ghi");

        Assert.Equal("done", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(["abc", "abcdefghi"], bodies);
        client.Dispose();
        await AtRestAsync(mesh, lent);
    }

    [Fact]
    public async Task More_than_is_kept_waits_for_the_next_attempt()
    {
        var answered = new TaskCompletionSource();
        var heads = 0;
        var body = "";
        using var one = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            if (Interlocked.Increment(ref heads) == 1)
            {
                await c.Wire.ReadAsync(3);
                await c.AnswerAsync("", 503, "retry-after: 1\r\nconnection: close\r\n");
                answered.SetResult();
                return;
            }

            body = await c.Wire.ReadChunkedAsync();
            await c.AnswerAsync("done");
        });
        await using var mesh = new Mesh(service: Service, names: n => n.Set("web", one.Address));
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
        await answered.Task.WithinLimit();
        await Eventually.HoldsAsync(() => mesh.Count("weft_attempts_total") == 1, "the first attempt has ended");
        await client.SendAsync($"9c40\r\n{Body(40_000)}\r\n0\r\n\r\n");

        Assert.Equal("done", (await client.ReadResponseAsync())!.Body);
        Assert.Equal("abc" + Body(40_000), body);
        client.Dispose();
        await AtRestAsync(mesh, lent);
    }

    [Fact]
    public async Task A_client_that_leaves_meanwhile_leaves_nothing_behind()
    {
        var answered = new TaskCompletionSource();
        using var one = new Upstream(async c =>
        {
            await c.ReadAsync(withBody: false);
            await c.Wire.ReadAsync(3);
            await c.AnswerAsync("", 503, "retry-after: 20\r\nconnection: close\r\n");
            answered.TrySetResult();
        });
        await using var mesh = new Mesh(service: Service, names: n => n.Set("web", one.Address));
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 9\r\n\r\nabc");
        await answered.Task.WithinLimit();
        await Eventually.HoldsAsync(() => mesh.Count("weft_attempts_total") == 1, "the first attempt has ended");
        client.Reset();

        await AtRestAsync(mesh, lent);
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
    }

    private static string Body(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));

    private static Task<int> LentAsync(Mesh mesh) => mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent);

    private static async Task AtRestAsync(Mesh mesh, int lent)
    {
        await mesh.IsAtRestAsync();
        await Eventually.HoldsAsync(async () => await LentAsync(mesh) <= lent, "all memory given back");
    }
}
