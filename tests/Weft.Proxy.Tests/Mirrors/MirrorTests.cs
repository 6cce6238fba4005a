using System.Net;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Copies of requests for a shadow, and that the original does not notice.</summary>
public class MirrorTests
{
    private static string Route(string mirror = "", string more = "") =>
        $"""
            kind: HTTPRoute
            metadata:
              name: r
            spec:
              parentRefs:
                - name: web
              rules:
                - filters:
                    - type: RequestMirror
                      requestMirror:
                        backendRef:
                          name: shadow
                        {mirror}
                    - type: URLRewrite
                      urlRewrite:
                        path:
                          type: ReplacePrefixMatch
                          replacePrefixMatch: /new
                    - type: RequestHeaderModifier
                      requestHeaderModifier:
                        set:
                          - name: x-set
                            value: rule
                        remove: [x-gone]
                  matches:
                    - path:
                        value: /
                  backendRefs:
                    - name: web
                  {more}

            """;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public async Task A_mirror_gets_what_the_service_gets(int original, int mirror)
    {
        var shadow = new Steps("200");
        using var upstream = Upstream.Answering();
        using var upstream2 = Http2Upstream.Answering();
        using var shadow1 = shadow.Http1();
        using var shadow2 = shadow.Http2();
        await using var mesh = new Mesh(
            names: n =>
            {
                n.Describe(
                    "web",
                    original == 1 ? upstream.Address : upstream2.Address,
                    ("protocol", $"http{original}")
                );
                n.Describe("shadow", mirror == 1 ? shadow1.Address : shadow2.Address, ("protocol", $"http{mirror}"));
            },
            documents: Route()
        );
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(
            "POST /a?b=c HTTP/1.1\r\nhost: web\r\nx-gone: 1\r\nx-kept: 1\r\ncontent-length: 4\r\n\r\nbody"
        );

        Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        await MirroredAsync(mesh, "success");
        Assert.Equal("body", Assert.Single(shadow.Bodies));
        var fields = mirror == 1 ? shadow1.Requests.Single().Fields : shadow2.Requests.Single();
        Assert.Contains(("x-set", "rule"), fields);
        Assert.Contains(("x-kept", "1"), fields);
        Assert.DoesNotContain(fields, f => f.Name == "x-gone");
        Assert.Contains(("weft-dst", "/svc/shadow"), fields);
        Assert.Contains(("weft-dst-client", "/#/t/shadow"), fields);
        Assert.Contains((mirror == 1 ? "host" : ":authority", "web"), fields);
        if (mirror == 1)
        {
            Assert.Equal("POST /new/a?b=c HTTP/1.1", shadow1.Requests.Single().Line);
        }
        else
        {
            Assert.Contains((":path", "/new/a?b=c"), fields);
        }

        client.Dispose();
        await AtRestAsync(mesh, lent);
        Assert.Equal(1, mesh.Count("weft_attempts_total"));
        Assert.Equal(1, mesh.Count("weft_requests_total"));
    }

    [Fact]
    public async Task A_request_of_http2_is_copied_as_well()
    {
        var shadow = new Steps("200");
        using var upstream = Http2Upstream.Answering();
        using var other = shadow.Http2();
        await using var mesh = Of(upstream.Address, other.Address);
        using var client = await RawPeer.ConnectAsync(mesh.Address);
        (string, string)[] head =
        [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", "/a?b=c"),
            (":authority", "web"),
            ("cookie", "a=1"),
            ("x-kept", "1"),
            ("cookie", "b=2"),
        ];

        for (var i = 0; i < 3; i++)
        {
            await client.Headers((2 * i) + 1, endStream: false, head).Data((2 * i) + 1, true, $"body{i}").FlushAsync();
            Assert.Equal("200", (await client.ResponseAsync((2 * i) + 1)).Status);
        }

        await Eventually.HoldsAsync(() => shadow.Taken == 3, "three copies");
        Assert.Equal(["body0", "body1", "body2"], shadow.Bodies.Order());
        Assert.All(
            other.Requests,
            fields =>
            {
                Assert.Contains((":path", "/new/a?b=c"), fields);
                Assert.Contains((":authority", "web"), fields);
                Assert.Contains(("x-kept", "1"), fields);
                Assert.Equal("a=1; b=2", string.Join("; ", fields.Where(f => f.Name == "cookie").Select(f => f.Value)));
            }
        );
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("content-length: 6\r\n\r\n", "abc", "def")]
    [InlineData("transfer-encoding: chunked\r\n\r\n", "3\r\nabc\r\n", "3\r\ndef\r\n0\r\n\r\n")]
    public async Task A_body_that_comes_in_pieces_is_copied_as_it_passes(string fields, string first, string second)
    {
        var service = new Steps("200");
        var shadow = new Steps("200");
        using var upstream = service.Http1();
        using var other = shadow.Http1();
        await using var mesh = Of(upstream.Address, other.Address);
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync($"POST / HTTP/1.1\r\nhost: web\r\n{fields}{first}");
        await Eventually.HoldsAsync(() => upstream.Accepted == 1, "the head is under way");
        await client.SendAsync(second);

        Assert.Equal("200", (await client.ReadResponseAsync())!.Body);
        await MirroredAsync(mesh, "success");
        Assert.Equal("abcdef", Assert.Single(shadow.Bodies));
        client.Dispose();
        await AtRestAsync(mesh, lent);
    }

    [Fact]
    public async Task One_that_is_too_large_is_not()
    {
        var shadow = new Steps("200");
        using var upstream = Upstream.Answering();
        using var other = shadow.Http1();
        await using var mesh = Of(upstream.Address, other.Address);
        var lent = await LentAsync(mesh);
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(
            $"POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 100000\r\n\r\n{new string('x', 100_000)}"
        );

        Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(100_000, Assert.Single(upstream.Requests).Body.Length);
        await MirroredAsync(mesh, "dropped");
        Assert.Equal(0, shadow.Taken);
        client.Dispose();
        await AtRestAsync(mesh, lent);
    }

    [Fact]
    public async Task A_share_of_requests_is_copied()
    {
        var shadow = new Steps("200");
        using var upstream = Upstream.Answering();
        using var other = shadow.Http1();
        await using var mesh = Of(upstream.Address, other.Address, Route("percent: 10"));
        using var client = await mesh.ConnectAsync();
        for (var i = 0; i < 600; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.InRange(shadow.Taken, 30, 90); // Four standard deviations.
        Assert.Equal(600, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("503")]
    [InlineData("half")]
    public async Task Whatever_becomes_of_the_copy_the_original_is_answered(string step)
    {
        var shadow = new Steps(step);
        using var upstream = Upstream.Answering();
        using var other = shadow.Http1();
        await using var mesh = Of(upstream.Address, other.Address, Route(more: "timeouts: {request: 300ms}"));
        var lent = await LentAsync(mesh);

        Assert.Equal("ok", (await mesh.AskAsync()).Body);

        await MirroredAsync(mesh, "failure");
        await AtRestAsync(mesh, lent);
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "200")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "200")));
    }

    [Fact]
    public async Task A_mirror_that_refuses_connections_or_leads_nowhere_costs_nothing()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = Of(upstream.Address, Ports.Closed(1)[0]);
        await using var nowhere = new Mesh(names: n => n.Set("web", upstream.Address), documents: Route());

        Assert.Equal("ok", (await mesh.AskAsync()).Body);
        Assert.Equal("ok", (await nowhere.AskAsync()).Body);

        await MirroredAsync(mesh, "failure");
        await MirroredAsync(nowhere, "dropped");
        await mesh.IsAtRestAsync();
        await nowhere.IsAtRestAsync();
    }

    [Fact]
    public async Task Copies_under_way_are_bounded_and_no_original_waits_for_one()
    {
        var shadow = new Steps("hang");
        using var upstream = Upstream.Answering();
        using var other = shadow.Http1();
        await using var mesh = Of(upstream.Address, other.Address);
        using var client = await mesh.ConnectAsync();
        for (var i = 0; i < 150; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        Assert.Equal(22, mesh.Count("weft_mirrors_total", ("outcome", "dropped")));
        await Eventually.HoldsAsync(() => shadow.Taken == 128, "all others sent");
    }

    [Fact]
    public async Task Requests_of_a_connection_do_not_change_the_copies_of_those_before()
    {
        var arrived = new TaskCompletionSource();
        var shadow = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var upstream = Upstream.Answering();
        using var other = new Upstream(async c =>
        {
            await arrived.Task; // The copies wait in the kernel.
            while (await c.ReadAsync() is { } request)
            {
                shadow.Enqueue($"{request.Line.Split(' ')[1]} {request["x-id"]} {request.Body}");
                await c.AnswerAsync("ok");
            }
        });
        await using var mesh = Of(upstream.Address, other.Address);
        using var client = await mesh.ConnectAsync();

        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync($"PUT /{i} HTTP/1.1\r\nhost: web\r\nx-id: {i}\r\ncontent-length: 2\r\n\r\n{i}{i}");
            Assert.Equal("ok", (await client.ReadResponseAsync())!.Body);
        }

        arrived.SetResult();
        await Eventually.HoldsAsync(() => shadow.Count == 10, "all copies");
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"/new/{i} {i} {i}{i}"), shadow.Order());
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    private static Mesh Of(IPEndPoint service, IPEndPoint shadow, string? route = null) =>
        new(
            names: n =>
            {
                n.Set("web", service);
                n.Set("shadow", shadow);
            },
            documents: route ?? Route()
        );

    private static Task MirroredAsync(Mesh mesh, string outcome) =>
        Eventually.HoldsAsync(
            () => mesh.Count("weft_mirrors_total", ("service", "web"), ("outcome", outcome)) == 1,
            $"a copy: {outcome}"
        );

    private static Task<int> LentAsync(Mesh mesh) => mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent);

    private static async Task AtRestAsync(Mesh mesh, int lent)
    {
        await mesh.IsAtRestAsync();
        // HTTP/2 connections to endpoints stay open, and keep what they read into.
        var held = await mesh.OnLoopAsync(() =>
            mesh.Loop.Concretes.All.Sum(c => c.Endpoints.ToArray().Sum(e => e.IdleCount))
        );
        await Eventually.HoldsAsync(async () => await LentAsync(mesh) <= lent + (2 * held), "all memory given back");
    }
}
