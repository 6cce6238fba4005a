using System.Net;
using System.Net.Sockets;
using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>A request that waits is sent once more, and whoever answers first wins.</summary>
public class HedgeTests
{
    private const string Soon = "{hedge: {after: 20ms, max: 1}}";

    [Fact]
    public async Task The_other_endpoint_answers_and_the_one_that_waits_is_cancelled()
    {
        var steps = new Steps("hang", "200");
        using var one = steps.Http1();
        using var other = steps.Http1();
        await using var mesh = new Mesh(service: Soon, names: n => n.Set("web", one.Address, other.Address));

        Assert.Equal("200", (await mesh.AskAsync()).Body);

        Assert.Single(one.Requests);
        Assert.Single(other.Requests);
        Assert.Equal(["1", "2"], one.Requests.Concat(other.Requests).Select(r => r["weft-attempt"]).Order());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "first"), ("status", "499"), ("result", "success")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "retry"), ("status", "200")));
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "success")));
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "200")));
    }

    [Fact]
    public async Task Over_http2_the_streams_of_others_go_on()
    {
        var cancelled = new TaskCompletionSource<Http2ErrorCode>();
        var taken = 0;
        Http2Upstream Endpoint() =>
            new(async peer =>
            {
                while (await peer.NextMessageAsync() is { } frame)
                {
                    if (frame.Type == FrameType.ResetStream)
                    {
                        cancelled.TrySetResult(frame.ErrorCode);
                    }
                    else if (Interlocked.Increment(ref taken) != 1)
                    {
                        await Http2Upstream.Answer(peer, frame.StreamId).FlushAsync();
                    }
                }
            });
        using var one = Endpoint();
        using var other = Endpoint();
        await using var mesh = new Mesh(
            service: "{protocol: http2, hedge: {after: 20ms, max: 1}}",
            names: n => n.Set("web", one.Address, other.Address)
        );

        Assert.Equal("ok", (await mesh.AskAsync()).Body);

        Assert.Equal(Http2ErrorCode.Cancel, await cancelled.Task.WithinLimit());
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("ok", (await mesh.AskAsync()).Body);
        }

        Assert.Equal((1, 1), (one.Accepted, other.Accepted));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task The_first_one_wins_when_it_answers_first()
    {
        var second = new TaskCompletionSource();
        using var race = new Race(
            async c =>
            {
                await second.Task;
                await c.AnswerAsync("first");
            },
            async c =>
            {
                second.SetResult();
                await c.Wire.ReadToEndAsync();
            }
        );
        await using var mesh = race.Mesh(Soon);

        Assert.Equal("first", (await mesh.AskAsync()).Body);

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "retry"), ("status", "499")));
    }

    [Fact]
    public async Task One_that_fails_leaves_it_to_the_other()
    {
        var second = new TaskCompletionSource();
        var failed = new TaskCompletionSource();
        using var race = new Race(
            async c =>
            {
                await second.Task;
                c.Wire.Reset();
                failed.SetResult();
            },
            async c =>
            {
                second.SetResult();
                await failed.Task;
                await c.AnswerAsync("second");
            }
        );
        await using var mesh = race.Mesh(Soon);

        Assert.Equal("second", (await mesh.AskAsync()).Body);

        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "first"), ("status", "502"), ("result", "failure")));
    }

    [Fact]
    public async Task A_failure_that_was_answered_waits_for_something_better()
    {
        var second = new TaskCompletionSource();
        var mesh = (Mesh?)null;
        using var race = new Race(
            async c =>
            {
                await second.Task;
                await c.AnswerAsync("first", 503);
            },
            async c =>
            {
                second.SetResult();
                await mesh!.OnLoopAsync(() => 0);
                await c.AnswerAsync("second");
            }
        );
        await using var made = mesh = race.Mesh(Soon);

        Assert.Equal("second", (await mesh.AskAsync()).Body);

        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Where_there_is_nothing_better_it_is_the_answer()
    {
        var second = new TaskCompletionSource();
        using var race = new Race(
            async c =>
            {
                await second.Task;
                await c.AnswerAsync("first", 503);
            },
            c =>
            {
                c.Wire.Reset();
                second.SetResult();
                return Task.CompletedTask;
            }
        );
        await using var mesh = race.Mesh(Soon);

        var response = await mesh.AskAsync();

        Assert.Equal((503, "first", null), (response.Status, response.Body, response.Error));
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task When_both_have_failed_the_policy_decides()
    {
        var steps = new Steps("503", "503", "200");
        using var one = steps.Http1();
        using var other = steps.Http1();
        await using var mesh = new Mesh(
            service: "{retries: {on: [5xx], backoff: {base: 1ms, max: 1ms}}, hedge: {after: 5s}}",
            names: n => n.Set("web", one.Address, other.Address)
        );

        Assert.Equal("200", (await mesh.AskAsync()).Body);

        await mesh.IsAtRestAsync();
        Assert.Equal(3, mesh.Count("weft_attempts_total"));
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "success")));
    }

    [Fact]
    public async Task A_body_that_came_with_its_head_goes_to_both()
    {
        var steps = new Steps("hang", "200");
        using var one = steps.Http1();
        using var other = steps.Http1();
        await using var mesh = new Mesh(service: Soon, names: n => n.Set("web", one.Address, other.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody");

        Assert.Equal("200", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(["body", "body"], steps.Bodies);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData(Soon, "POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 0\r\n\r\n", "")]
    [InlineData(Soon, "PUT / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\n", "body")]
    [InlineData(Soon, "GET / HTTP/1.1\r\nhost: web\r\nweft-attempt: 2\r\n\r\n", "")]
    [InlineData("{hedge: {after: 20s}}", "GET / HTTP/1.1\r\nhost: web\r\n\r\n", "")]
    [InlineData(
        "{hedge: {after: 20ms}, retries: {on: [reset], budget: {ratio: 0%, minPerSecond: 0}}}",
        "GET / HTTP/1.1\r\nhost: web\r\n\r\n",
        ""
    )]
    public async Task What_may_not_be_repeated_or_afforded_is_sent_once(string service, string head, string body)
    {
        var taken = 0;
        var mesh = (Mesh?)null;
        using var race = new Race(async c =>
        {
            Interlocked.Increment(ref taken);
            await mesh!.AdvanceAsync(TimeSpan.FromMilliseconds(150));
            await c.AnswerAsync("only");
        });
        await using var made = mesh = race.Mesh(service, new VirtualTime());
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(head);
        // What comes with the head may be sent twice: this body comes when the head has gone to an endpoint.
        await Eventually.HoldsAsync(() => mesh.Count("weft_connections_total", ("peer", "upstream")) == 1, "a call");
        await mesh.OnLoopAsync(() => 0);
        await client.SendAsync(body);

        Assert.Equal("only", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(1, taken);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_attempts_total"));
    }

    [Fact]
    public async Task With_one_endpoint_there_is_nobody_else_to_ask()
    {
        var taken = 0;
        var mesh = (Mesh?)null;
        using var one = new Upstream(async c =>
        {
            while (await c.ReadAsync() is not null)
            {
                Interlocked.Increment(ref taken);
                await mesh!.AdvanceAsync(TimeSpan.FromMilliseconds(150));
                await c.AnswerAsync("only");
            }
        });
        await using var made = mesh = new Mesh(
            service: Soon,
            names: n => n.Set("web", one.Address),
            time: new VirtualTime()
        );

        Assert.Equal("only", (await mesh.AskAsync()).Body);
        Assert.Equal(1, taken);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_attempts_total"));
    }

    [Fact]
    public async Task Up_to_max_more_are_asked()
    {
        var steps = new Steps("hang", "hang", "hang", "200");
        Upstream[] all = [.. Enumerable.Range(0, 5).Select(_ => steps.Http1())];
        await using var mesh = new Mesh(
            service: "{timeouts: {request: 400ms}, hedge: {after: 20ms, max: 2}}",
            names: n => n.Set("web", [.. all.Select(u => u.Address)])
        );

        Assert.Equal("deadline", (await mesh.AskAsync()).Error);

        Assert.Equal(3, steps.Taken);
        Assert.All(all, u => Assert.True(u.Requests.Count < 2));
        await mesh.IsAtRestAsync();
        Assert.Equal(3, mesh.Count("weft_attempts_total", ("status", "504")));
        Array.ForEach(all, u => u.Dispose());
    }

    [Fact]
    public async Task A_client_that_leaves_ends_them_all()
    {
        var steps = new Steps("hang");
        using var one = steps.Http1();
        using var other = steps.Http1();
        await using var mesh = new Mesh(service: Soon, names: n => n.Set("web", one.Address, other.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await Eventually.HoldsAsync(() => steps.Taken == 2, "both asked");
        client.Reset();

        await mesh.IsAtRestAsync();
        Assert.Equal(2, mesh.Count("weft_attempts_total", ("status", "499")));
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
    }

    [Fact]
    public async Task One_that_is_still_connecting_does_not_hold_the_request_up()
    {
        // A full queue of connects that nobody accepts: the next one hangs.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        var fillers = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                Blocking = false,
            };
            fillers.Add(filler);
            _ = filler.ConnectAsync(address, TestContext.Current.CancellationToken).AsTask();
        }

        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: "{timeouts: {connect: 700ms}, balancer: {kind: roundRobin}, hedge: {after: 20ms}}",
            names: n => n.Set("web", address, upstream.Address)
        );
        using var client = await mesh.ConnectAsync();
        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.True(mesh.Count("weft_attempts_total", ("status", "499")) >= 1);
        fillers.ForEach(f => f.Dispose());
    }
}
