namespace Weft.Proxy.Tests;

/// <summary>One budget for every extra attempt of a service, over all loops.</summary>
public class BudgetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_is_exact_over_all_loops(int workers)
    {
        var steps = new Steps("503");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: "{retries: {on: [5xx], limit: 1, budget: {ratio: 25%, window: 60s, minPerSecond: 0}, backoff: {base: 1ms, max: 1ms}}}",
            names: n => n.Set("web", one.Address),
            workers: workers
        );
        Wire[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mesh.ConnectAsync()))];

        for (var i = 0; i < 200; i++)
        {
            await clients[i % clients.Length].SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal(503, (await clients[i % clients.Length].ReadResponseAsync())!.Status);
        }

        Assert.Equal(250, steps.Taken);
        Array.ForEach(clients, c => c.Dispose());
        await mesh.IsAtRestAsync();
        Assert.Equal(150, mesh.Count("weft_retries_total", ("outcome", "budget")));
        Assert.Equal(50, mesh.Count("weft_retries_total", ("outcome", "limit")));
        Assert.Equal(50, mesh.Count("weft_attempts_total", ("try", "retry")));
    }

    [Fact]
    public async Task Requeues_spend_it_too()
    {
        var steps = new Steps("refuse", "refuse", "refuse", "200");
        using var one = steps.Http2();
        await using var mesh = new Mesh(
            service: "{protocol: http2, retries: {on: [reset], budget: {ratio: 100%, window: 60s, minPerSecond: 0}}}",
            names: n => n.Set("web", one.Address)
        );

        Assert.Equal("upstream-reset", (await mesh.AskAsync()).Error); // One extra for one request.
        Assert.Equal(2, steps.Taken);
        Assert.Equal(200, (await mesh.AskAsync()).Status);
        Assert.Equal(4, steps.Taken);
    }

    [Fact]
    public async Task A_retry_of_another_hop_adds_nothing_to_it()
    {
        var steps = new Steps("refuse");
        using var one = steps.Http2();
        await using var mesh = new Mesh(
            service: "{protocol: http2, retries: {on: [reset], budget: {ratio: 100%, window: 60s, minPerSecond: 0}}}",
            names: n => n.Set("web", one.Address)
        );

        await mesh.AskAsync(fields: "weft-attempt: 2\r\n");

        Assert.Equal(1, steps.Taken);
    }

    [Fact]
    public async Task Services_have_budgets_of_their_own()
    {
        var steps = new Steps("503");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: "{retries: {on: [5xx], limit: 1, budget: {ratio: 100%, window: 60s, minPerSecond: 0}, backoff: {base: 1ms, max: 1ms}}}",
            names: n =>
            {
                n.Set("web", one.Address);
                n.Set("books", one.Address);
            }
        );

        await mesh.AskAsync("web");
        await mesh.AskAsync("books");

        Assert.Equal(4, steps.Taken);
    }
}
