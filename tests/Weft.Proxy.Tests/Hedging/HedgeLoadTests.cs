using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Hedging with many requests: what they teach it, and that none gets another one's answer.</summary>
public class HedgeLoadTests
{
    [Fact]
    public async Task The_time_to_wait_follows_what_calls_take()
    {
        var hung = 0;
        var mesh = (Mesh?)null;
        Upstream Endpoint() =>
            new(async c =>
            {
                while (await c.ReadAsync() is { } request)
                {
                    if (request.Line.Contains("/slow") && Interlocked.Increment(ref hung) == 1)
                    {
                        await c.Wire.ReadToEndAsync();
                        return;
                    }

                    await mesh!.AdvanceAsync(TimeSpan.FromMilliseconds(10));
                    await c.AnswerAsync("ok");
                }
            });
        using var one = Endpoint();
        using var other = Endpoint();
        await using var made = mesh = new Mesh(
            service: "{timeouts: {request: 10s}, hedge: {after: p95}}",
            names: n => n.Set("web", one.Address, other.Address),
            time: new VirtualTime()
        );
        using var client = await mesh.ConnectAsync();
        // Percentiles are looked up every 100 ms, and need 100 calls.
        for (var i = 0; i < 150; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        await client.SendAsync("GET /slow HTTP/1.1\r\nhost: web\r\n\r\n");
        await Eventually.HoldsAsync(() => Volatile.Read(ref hung) == 1, "a call that hangs");
        await mesh.AdvanceAsync(TimeSpan.FromMilliseconds(9));
        Assert.Equal(1, await InFlightAsync(mesh));
        // A percentile is exact to 7 %, and a timer of a loop late by 4 ms at the most.
        await mesh.AdvanceAsync(TimeSpan.FromMilliseconds(7));

        Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Under_load_every_request_gets_its_own_answer(int version)
    {
        const int clients = 16;
        const int requests = 40;
        Upstream Endpoint() =>
            new(async c =>
            {
                while (await c.ReadAsync() is { } request)
                {
                    var path = request.Line.Split(' ')[1];
                    // Real time, as everything here: hedges and answers overtake each other as threads and sockets will have it.
                    await Task.Delay(path[^1] is '1' or '4' or '9' ? 4 : 0);
                    if (request["weft-attempt"] == "1" && path.EndsWith('7'))
                    {
                        c.Wire.Reset();
                        return;
                    }

                    await c.AnswerAsync(path);
                }
            });
        Http2Upstream Endpoint2() =>
            new(async peer =>
            {
                while (await peer.NextMessageAsync() is { } frame)
                {
                    if (frame.Type != FrameType.Headers)
                    {
                        continue;
                    }

                    var path = peer.Decode(frame).Single(f => f.Name == ":path").Value;
                    if (path.EndsWith('7'))
                    {
                        // Real time, as above.
                        await Task.Delay(4);
                    }

                    await Http2Upstream.Answer(peer, frame.StreamId, path).FlushAsync();
                }
            });
        using var one = Endpoint();
        using var other = Endpoint();
        using var one2 = Endpoint2();
        using var other2 = Endpoint2();
        await using var mesh = new Mesh(
            service: $"{{protocol: http{version}, hedge: {{after: 1ms, max: 2}}, retries: {{on: [reset], limit: 5, budget: {{minPerSecond: 10000}}}}}}",
            names: n => n.Set("web", version == 1 ? [one.Address, other.Address] : [one2.Address, other2.Address])
        );
        var lent = await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent);

        await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(async number =>
                {
                    using var client = await mesh.ConnectAsync();
                    for (var i = 0; i < requests; i++)
                    {
                        await client.SendAsync(
                            $"PUT /{number}/{i} HTTP/1.1\r\nhost: web\r\ncontent-length: 2\r\n\r\nab"
                        );
                        var response = (await client.ReadResponseAsync())!;
                        Assert.Equal((200, $"/{number}/{i}"), (response.Status, response.Body));
                    }
                })
        );

        await mesh.IsAtRestAsync();
        Assert.Equal(clients * requests, mesh.Count("weft_requests_total", ("result", "success")));
        Assert.True(mesh.Count("weft_attempts_total", ("try", "retry")) > 0);
        if (version == 1)
        {
            await Eventually.HoldsAsync(
                () => mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent <= lent),
                "all memory given back"
            );
        }
    }

    private static Task<int> InFlightAsync(Mesh mesh) =>
        mesh.OnLoopAsync(() =>
            mesh.Loop.Concretes.All.SelectMany(c => c.Endpoints.ToArray()).Sum(e => e.Load.InFlight)
        );
}
