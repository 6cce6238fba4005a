using Weft.Http;
using Weft.Http.Tests.Http2;

namespace Weft.Proxy.Tests;

/// <summary>Routes end to end: which backend gets a request, and as what.</summary>
public class RoutedTests
{
    private static string Route(string rules, string name = "r") =>
        $$"""
            kind: HTTPRoute
            metadata: {name: {{name}}}
            spec: {parentRefs: [{name: web}], rules: [{{rules}}]}

            """;

    [Theory]
    [InlineData("/v2", "", "v2")]
    [InlineData("/v2/x", "", "v2")]
    [InlineData("/v20", "", "v1")]
    [InlineData("/v2/x", "x-beta: 1\r\n", "v3")]
    [InlineData("/a/../v2/x?q", "", "v2")]
    public async Task The_most_specific_rule_takes_the_request(string path, string fields, string backend)
    {
        await using var shop = new Shop(
            Route("{backendRefs: [{name: v1}]}, {matches: [{path: {value: /v2}}], backendRefs: [{name: v2}]}")
                + "---\n"
                + Route(
                    "{matches: [{path: {value: /v2}, headers: [{name: x-beta, value: \"1\"}]}], backendRefs: [{name: v3}]}",
                    "beta"
                )
        );

        Assert.Equal(backend, (await shop.Mesh.AskAsync(path: path, fields: fields)).Body);

        await shop.Mesh.IsAtRestAsync();
        Assert.Equal(
            1,
            shop.Mesh.Count("weft_requests_total", ("service", "web"), ("route", backend == "v3" ? "beta" : "r"))
        );
        Assert.Equal(1, shop.Mesh.Count("weft_attempts_total", ("service", "web"), ("client", $"/#/t/{backend}")));
    }

    [Fact]
    public async Task Weights_are_kept()
    {
        await using var shop = new Shop(
            Route("{backendRefs: [{name: v1, weight: 90}, {name: v2, weight: 10}, {name: v3, weight: 0}]}")
        );
        using var client = await shop.Mesh.ConnectAsync();
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 1000; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            var body = (await client.ReadResponseAsync())!.Body;
            counts[body] = counts.GetValueOrDefault(body) + 1;
        }

        Assert.Equal(["v1", "v2"], counts.Keys.Order());
        Assert.InRange(counts["v2"], 60, 140); // Four standard deviations.
    }

    [Fact]
    public async Task Heads_are_changed_by_rule_and_backend_in_both_directions()
    {
        await using var shop = new Shop(
            Route(
                """
                {filters: [
                  {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-set, value: rule}], add: [{name: x-add, value: rule}], remove: [x-gone]}},
                  {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-out, value: rule}], remove: [x-server]}}],
                 backendRefs: [{name: v1, filters: [
                  {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-backend, value: v1}]}},
                  {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-out2, value: v1}]}}]}]}
                """.ReplaceLineEndings(" ")
            )
        );

        var response = await shop.Mesh.AskAsync(
            fields: "x-set: mine\r\nx-add: mine\r\nx-gone: mine\r\nx-backend: mine\r\nx-kept: mine\r\n"
        );

        var seen = Assert.Single(shop.V1.Requests);
        Assert.Equal("rule", seen["x-set"]);
        Assert.Equal(["mine", "rule"], seen.All("x-add"));
        Assert.Null(seen["x-gone"]);
        Assert.Equal("v1", seen["x-backend"]);
        Assert.Equal("mine", seen["x-kept"]);
        Assert.Equal("/svc/v1", seen["weft-dst"]);
        Assert.Equal(("rule", "v1", null), (response["x-out"], response["x-out2"], response["x-server"]));
    }

    [Fact]
    public async Task A_changed_head_is_the_same_in_a_retry()
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            names: n => n.Set("web", one.Address),
            documents: Route(
                "{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: x-add, value: rule}]}}, "
                    + "{type: URLRewrite, urlRewrite: {hostname: inner, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}], "
                    + "matches: [{path: {value: /old}}], retry: {attempts: 1, codes: [503], backoff: 1ms}}"
            )
        );

        Assert.Equal("200", (await mesh.AskAsync(path: "/old/a?b")).Body);

        Assert.All(
            one.Requests,
            r =>
            {
                Assert.Equal("GET /new/a?b HTTP/1.1", r.Line);
                Assert.Equal(("inner", "rule"), (r["host"], r["x-add"]));
            }
        );
        Assert.Equal(2, one.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_is_answered_here_and_counted()
    {
        await using var shop = new Shop(
            Route(
                "{filters: [{type: RequestRedirect, requestRedirect: {hostname: other, path: {type: ReplaceFullPath, replaceFullPath: /new}, statusCode: 301}}]}"
            )
        );

        var response = await shop.Mesh.AskAsync(path: "/old");

        Assert.Equal((301, "http://other/new"), (response.Status, response["location"]));
        Assert.Empty(shop.V1.Requests);
        await shop.Mesh.IsAtRestAsync();
        Assert.Equal(
            1,
            shop.Mesh.Count("weft_requests_total", ("route", "r"), ("status", "301"), ("result", "success"))
        );
    }

    [Fact]
    public async Task Times_are_those_of_the_rule()
    {
        var steps = new Steps("hang");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: "{timeouts: {request: 20s}}",
            names: n => n.Set("web", one.Address),
            documents: Route(
                "{timeouts: {request: 100ms}}, {matches: [{path: {value: /try}}], timeouts: {request: 5s, backendRequest: 100ms}}"
            )
        );

        Assert.Equal("deadline", (await mesh.AskAsync()).Error);
        Assert.Equal("attempt-timeout", (await mesh.AskAsync(path: "/try")).Error);
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("/", 1)]
    [InlineData("/more", 3)]
    public async Task Retries_are_those_of_the_rule(string path, int attempts)
    {
        var steps = new Steps("503");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: "{retries: {on: [5xx], backoff: {base: 1ms, max: 1ms}}}",
            names: n => n.Set("web", one.Address),
            documents: Route(
                "{retry: {attempts: 0}}, {matches: [{path: {value: /more}}], retry: {attempts: 2, codes: [503], backoff: 1ms}}"
            )
        );

        Assert.Equal(503, (await mesh.AskAsync(path: path)).Status);

        Assert.Equal(attempts, steps.Taken);
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task What_no_rule_takes_is_answered_404()
    {
        await using var shop = new Shop(Route("{matches: [{path: {value: /v2}}], backendRefs: [{name: v2}]}"));

        var response = await shop.Mesh.AskAsync();

        Assert.Equal((404, "no-route"), (response.Status, response.Error));
        await shop.Mesh.IsAtRestAsync();
        Assert.Equal(1, shop.Mesh.Count("weft_errors_total", ("service", "web"), ("reason", "no-route")));
    }

    [Fact]
    public async Task Backends_are_bound_by_the_dtab_and_by_that_of_the_request()
    {
        await using var shop = new Shop(Route("{backendRefs: [{name: v1}]}"));

        Assert.Equal("v1", (await shop.Mesh.AskAsync()).Body);
        Assert.Equal("v2", (await shop.Mesh.AskAsync(fields: "weft-dtab: /svc/v1 => /#/t/v2\r\n")).Body);
        Assert.Equal("v1", (await shop.Mesh.AskAsync()).Body);

        await shop.Mesh.PublishAsync("/svc => /#/t ; /svc/v1 => /#/t/v3");

        Assert.Equal("v3", (await shop.Mesh.AskAsync()).Body);
    }

    [Fact]
    public async Task A_backend_that_leads_nowhere_is_told_as_such()
    {
        await using var shop = new Shop(Route("{backendRefs: [{name: nobody}]}"));

        var response = await shop.Mesh.AskAsync();

        Assert.Equal((503, "no-binding"), (response.Status, response.Error));
        Assert.Contains("/svc/nobody", response.Body, StringComparison.Ordinal);
        await shop.Mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_grpc_call_takes_the_rule_of_its_method()
    {
        using var one = new Steps("grpc 0 x-from: v1").Http2();
        using var two = new Steps("grpc 0 x-from: v2").Http2();
        await using var mesh = new Mesh(
            names: n =>
            {
                n.Set("v1", one.Address);
                n.Set("v2", two.Address);
            },
            documents: """
            kind: GRPCRoute
            metadata: {name: g}
            spec:
              parentRefs: [{name: web}]
              rules:
                - matches: [{method: {service: shop.Books}}]
                  backendRefs: [{name: v1}]
                - matches: [{method: {service: shop.Books, method: Find}}]
                  backendRefs: [{name: v2}]

            """
        );
        using var client = await RawPeer.ConnectAsync(mesh.Address);
        (string, string)[] Call(string path) =>
            [
                (":method", "POST"),
                (":scheme", "http"),
                (":path", path),
                (":authority", "web"),
                ("content-type", "application/grpc"),
            ];

        await client.Headers(1, endStream: true, Call("/shop.Books/Find")).FlushAsync();
        Assert.Contains(("x-from", "v2"), client.Decode(await client.ExpectAsync(FrameType.Headers, 1)));
        await client.Headers(3, endStream: true, Call("/shop.Books/List")).FlushAsync();
        Assert.Contains(("x-from", "v1"), client.Decode(await client.ExpectAsync(FrameType.Headers, 3)));
        await client.Headers(5, endStream: true, Call("/shop.Other/List")).FlushAsync();
        var nobody = client.Decode(await client.ExpectAsync(FrameType.Headers, 5));

        Assert.Contains(("grpc-status", "12"), nobody);
        Assert.Contains(("weft-error", "no-route"), nobody);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task Inbound_listeners_have_none()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            $"service: web\nto: {upstream.Address}",
            kind: "inbound",
            documents: Route("{matches: [{path: {value: /v2}}], backendRefs: [{name: v2}]}")
        );

        Assert.Equal("ok", (await mesh.AskAsync()).Body);
    }

    /// <summary>Three backends that say who they are.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private readonly Upstream _v2 = Upstream.Answering("v2");
        private readonly Upstream _v3 = Upstream.Answering("v3");

        public Shop(string documents)
        {
            Mesh = new Mesh(
                names: n =>
                {
                    n.Set("v1", V1.Address);
                    n.Set("v2", _v2.Address);
                    n.Set("v3", _v3.Address);
                },
                documents: documents
            );
        }

        public Upstream V1 { get; } =
            new(async c =>
            {
                while (await c.ReadAsync() is not null)
                {
                    await c.AnswerAsync("v1", fields: "x-server: v1\r\nx-out: v1\r\n");
                }
            });

        public Mesh Mesh { get; }

        public async ValueTask DisposeAsync()
        {
            await Mesh.DisposeAsync();
            V1.Dispose();
            _v2.Dispose();
            _v3.Dispose();
        }
    }
}
