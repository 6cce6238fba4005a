namespace Weft.Proxy.Tests;

/// <summary>What is tried again, of which requests, and how it is counted.</summary>
public class RetryTests
{
    private const string Backoff = "backoff: {base: 1ms, max: 1ms}";

    [Theory]
    [InlineData("5xx", "500")]
    [InlineData("5xx", "503")]
    [InlineData("gateway-error", "502")]
    [InlineData("429", "429")]
    [InlineData("retriable-4xx", "409")]
    [InlineData("reset", "reset")]
    [InlineData("attempt-timeout", "hang")]
    public async Task What_the_policy_lists_is_tried_again(string on, string step)
    {
        var steps = new Steps(step, "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{timeouts: {{attempt: 300ms}}, retries: {{on: [{on}], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        Assert.Equal("200", (await mesh.AskAsync()).Body);

        Assert.Equal(["1", "2"], one.Requests.Select(r => r["weft-attempt"]));
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "success")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "first")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("try", "retry"), ("status", "200")));
        Assert.Equal(1, mesh.Count("weft_requests_total"));
        Assert.Equal(1, mesh.Count("weft_requests_total", ("result", "success")));
    }

    [Theory]
    [InlineData("5xx", "503")]
    [InlineData("reset", "reset")]
    [InlineData("attempt-timeout", "hang")]
    [InlineData("409", "409")]
    public async Task The_same_over_http2(string on, string step)
    {
        var steps = new Steps(step, "200");
        using var one = steps.Http2();
        await using var mesh = new Mesh(
            service: $"{{protocol: http2, timeouts: {{attempt: 300ms}}, retries: {{on: [{on}], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        Assert.Equal("200", (await mesh.AskAsync()).Body);

        Assert.Equal(["1", "2"], one.Requests.Select(r => r.Single(f => f.Name == "weft-attempt").Value));
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "success")));
    }

    [Theory]
    [InlineData("5xx", "404")]
    [InlineData("gateway-error", "500")]
    [InlineData("retriable-4xx", "404")]
    [InlineData("reset", "503")]
    [InlineData("5xx", "reset")]
    [InlineData("reset", "hang")]
    public async Task What_it_does_not_list_is_not(string on, string step)
    {
        var steps = new Steps(step, "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{timeouts: {{attempt: 200ms}}, retries: {{on: [{on}], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.NotEqual(200, response.Status);
        Assert.Null(response["weft-retry"]);
        Assert.Equal(1, steps.Taken);
        await mesh.IsAtRestAsync();
        Assert.Equal(0, mesh.Count("weft_retries_total"));
    }

    [Fact]
    public async Task A_stream_that_is_refused_again_and_again_is_retried_after_the_requeues()
    {
        var steps = new Steps("refuse", "refuse", "refuse", "200");
        using var one = steps.Http2();
        await using var mesh = new Mesh(
            service: $"{{protocol: http2, retries: {{on: [refused-stream], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 2\r\n\r\nab");

        Assert.Equal("200", (await client.ReadResponseAsync())!.Body);
        Assert.Equal(["ab", "ab", "ab", "ab"], steps.Bodies);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("idempotent", "GET", true)]
    [InlineData("idempotent", "PUT", true)]
    [InlineData("idempotent", "DELETE", true)]
    [InlineData("idempotent", "POST", false)]
    [InlineData("idempotent", "PATCH", false)]
    [InlineData("all", "POST", true)]
    [InlineData("[POST]", "POST", true)]
    [InlineData("[POST]", "GET", false)]
    public async Task Of_the_methods_that_it_names(string methods, string method, bool again)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], methods: {methods}, {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync($"{method} / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody");

        Assert.Equal(again ? 200 : 503, (await client.ReadResponseAsync())!.Status);
        Assert.All(steps.Bodies, b => Assert.Equal("body", b));
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task No_more_often_than_the_limit_and_the_hop_before_is_told_so()
    {
        var steps = new Steps("503");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], limit: 2, {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.Equal((503, "exhausted"), (response.Status, response["weft-retry"]));
        Assert.Equal(["1", "2", "3"], one.Requests.Select(r => r["weft-attempt"]));
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "limit")));
        Assert.Equal(3, mesh.Count("weft_attempts_total"));
    }

    [Fact]
    public async Task An_error_of_the_proxy_says_so_too()
    {
        var steps = new Steps("reset");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [reset], limit: 1, {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.Equal((502, "upstream-reset"), (response.Status, response.Error));
        Assert.Equal("exhausted", response["weft-retry"]);
        Assert.Equal(2, steps.Taken);
    }

    [Fact]
    public async Task What_a_hop_further_on_has_given_up_is_not_tried_again()
    {
        var steps = new Steps("503 weft-retry: exhausted");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.Equal((503, "exhausted"), (response.Status, response["weft-retry"]));
        Assert.Equal(1, steps.Taken);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "limit")));
    }

    [Theory]
    [InlineData("", "2", 1)]
    [InlineData("", "1", 2)]
    [InlineData("trust: []", "2", 2)]
    public async Task A_retry_of_a_trusted_hop_is_not_retried(string trust, string attempt, int attempts)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            trust,
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        await mesh.AskAsync(fields: $"weft-attempt: {attempt}\r\n");

        Assert.Equal(attempts, steps.Taken);
    }

    [Fact]
    public async Task Never_after_a_byte_of_the_response_has_gone_to_the_caller()
    {
        var steps = new Steps("half", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx, reset, gateway-error], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.Equal((200, "half", false), (response.Status, response.Body, response.IsComplete));
        Assert.Equal(1, steps.Taken);
        await mesh.IsAtRestAsync();
        Assert.Equal(0, mesh.Count("weft_retries_total"));
    }

    [Fact]
    public async Task Another_endpoint_is_asked_before_one_is_asked_again()
    {
        var steps = new Steps("503");
        using var one = steps.Http1();
        using var other = steps.Http1();
        using var third = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], limit: 3, {Backoff}}}}}",
            names: n => n.Set("web", one.Address, other.Address, third.Address)
        );

        await mesh.AskAsync();

        int[] counts = [one.Requests.Count, other.Requests.Count, third.Requests.Count];
        Assert.Equal([1, 1, 2], counts.Order());
    }

    [Fact]
    public async Task Connects_that_fail_are_retried_beyond_the_requeues()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            service: $"{{balancer: {{kind: roundRobin}}, retries: {{on: [connect-failure], limit: 3, {Backoff}}}}}",
            names: n => n.Set("web", [.. Ports.Closed(5), upstream.Address])
        );
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 4\r\n\r\nbody");

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        client.Dispose();
        await mesh.IsAtRestAsync();
    }

    [Fact]
    public async Task A_wait_that_the_endpoint_asks_for_is_kept()
    {
        var steps = new Steps("503 retry-after: 1", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Assert.Equal(200, (await mesh.AskAsync()).Status);

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(1000));
    }

    [Theory]
    [InlineData("503 retry-after: 100", "")]
    [InlineData("503 retry-after: 2", "weft-timeout: 1s\r\n")]
    public async Task One_that_outlasts_the_request_is_not_begun(string step, string fields)
    {
        var steps = new Steps(step);
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        Assert.Equal(503, (await mesh.AskAsync(fields: fields)).Status);

        Assert.Equal(1, steps.Taken);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_retries_total", ("outcome", "deadline")));
    }

    [Fact]
    public async Task A_client_that_leaves_during_the_wait_ends_it()
    {
        var steps = new Steps("503 retry-after: 20", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );
        using var client = await mesh.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        await Eventually.HoldsAsync(() => mesh.Count("weft_attempts_total") == 1, "the first attempt");

        client.Reset();

        await mesh.IsAtRestAsync();
        Assert.Equal(1, steps.Taken);
        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "499")));
    }

    [Fact]
    public async Task A_time_that_runs_out_during_retries_is_told_as_such()
    {
        var steps = new Steps("hang");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            service: $"{{timeouts: {{request: 250ms, attempt: 100ms}}, retries: {{on: [attempt-timeout], limit: 50, {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        var response = await mesh.AskAsync();

        Assert.Equal(504, response.Status);
        Assert.InRange(steps.Taken, 2, 3);
        await mesh.IsAtRestAsync();
    }

    [Theory]
    [InlineData("inbound", 1)]
    [InlineData("outbound", 2)]
    public async Task Only_callers_proxies_try_again(string kind, int attempts)
    {
        var steps = new Steps("503", "200");
        using var one = steps.Http1();
        await using var mesh = new Mesh(
            kind == "inbound" ? $"service: web\nto: {one.Address}" : "",
            kind: kind,
            service: $"{{retries: {{on: [5xx], {Backoff}}}}}",
            names: n => n.Set("web", one.Address)
        );

        await mesh.AskAsync();

        Assert.Equal(attempts, steps.Taken);
    }
}
