namespace Weft.Proxy.Tests;

/// <summary>The numbers that a scrape shows are those of what happened.</summary>
public class MetricsTests
{
    [Fact]
    public async Task Callers_and_endpoints_are_counted_apart_and_nothing_stays_open()
    {
        using var upstream = new Upstream(async c =>
        {
            while (await c.ReadAsync() is { } seen)
            {
                await c.AnswerAsync("hello", seen.Line.Contains("/bad", StringComparison.Ordinal) ? 500 : 200);
            }
        });
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        using (var client = await Wire.ConnectAsync(proxy.AddressOf()))
        {
            foreach (var path in (string[])["/", "/", "/bad"])
            {
                await client.SendAsync($"GET {path} HTTP/1.1\r\nhost: web\r\n\r\n");
                await client.ReadResponseAsync();
            }
        }

        await Eventually.HoldsAsync(
            async () => (await ScrapeAsync(proxy)).Sum("weft_connections_open", ("peer", "downstream")) == 0,
            "no client connection"
        );
        var scrape = await ScrapeAsync(proxy);
        (string, string)[] service = [("direction", "outbound"), ("service", "web")];
        (string, string)[] client200 = [("direction", "outbound"), ("client", "/#/file/web"), ("status", "200")];

        Assert.Equal(
            2,
            scrape.Sum(
                "weft_requests_total",
                [.. service, ("route", "default"), ("status", "200"), ("result", "success")]
            )
        );
        Assert.Equal(1, scrape.Sum("weft_requests_total", [.. service, ("status", "500"), ("result", "failure")]));
        Assert.Equal(2, scrape.Sum("weft_attempts_total", [.. client200, ("result", "success"), ("try", "first")]));
        Assert.Equal(3, scrape.Sum("weft_request_duration_seconds_count", [.. service]));
        Assert.Equal(3, scrape.Sum("weft_attempt_duration_seconds_count", ("client", "/#/file/web")));
        Assert.Equal(0, scrape.Sum("weft_requests_in_flight"));
        Assert.Equal(1, scrape.Sum("weft_connections_total", ("peer", "upstream"), ("protocol", "http1")));
        Assert.Equal(1, scrape.Sum("weft_connections_total", ("peer", "downstream")));
        Assert.Equal(1, scrape.Sum("weft_connections_open", ("peer", "upstream")));
        Assert.Equal(
            1,
            scrape.Sum("weft_endpoints", ("direction", "outbound"), ("client", "/#/file/web"), ("state", "ready"))
        );
        Assert.Equal(1, scrape.Sum("weft_bindings", ("direction", "outbound")));
        Assert.Equal(100, scrape.Sum("weft_retry_budget_available", [.. service])); // The reserve of ten seconds, and 20 % of three.
        Assert.Equal(1, scrape.Sum("weft_config_version"));
        Assert.Equal(0, scrape.Sum("weft_discovery_age_seconds"));
        Assert.Contains(scrape.Samples, s => s.Name == "weft_config_rejected_total");
    }

    [Fact]
    public async Task A_buffer_is_lent_to_a_request_that_is_under_way_and_none_to_a_connection_that_waits()
    {
        using var upstream = Upstream.Answering("hello");
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        using var client = await Wire.ConnectAsync(proxy.AddressOf());

        await client.SendAsync("GET / HTTP/1.1\r\nhost: w");
        await Eventually.HoldsAsync(async () => await LentAsync(proxy) == 1, "half a head lies in a buffer");
        await client.SendAsync("eb\r\n\r\n");
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        await Eventually.HoldsAsync(async () => await LentAsync(proxy) == 0, "the buffers were given back");

        static async Task<double> LentAsync(FilesProxy proxy) => (await ScrapeAsync(proxy)).Sum("weft_buffers_lent");
    }

    [Fact]
    public async Task Bytes_are_counted_on_both_sides_and_both_ways()
    {
        using var upstream = Upstream.Answering(new string('x', 100_000));
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();
        var body = new string('y', 50_000);

        await client.SendAsync($"POST / HTTP/1.1\r\nhost: web\r\ncontent-length: {body.Length}\r\n\r\n{body}");
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        client.Dispose();
        await mesh.IsAtRestAsync();

        Assert.InRange(mesh.Count("weft_bytes_total", ("peer", "downstream"), ("dir", "in")), 50_000, 50_200);
        Assert.InRange(mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "out")), 50_000, 50_600);
        Assert.InRange(mesh.Count("weft_bytes_total", ("peer", "upstream"), ("dir", "in")), 100_000, 100_200);
        Assert.InRange(mesh.Count("weft_bytes_total", ("peer", "downstream"), ("dir", "out")), 100_000, 100_300);
    }

    [Fact]
    public async Task What_counts_as_a_failure_is_the_services_to_say()
    {
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await c.AnswerAsync("", 404);
        });
        await using var mesh = new Mesh(service: "{failOn: [404]}", names: n => n.Set("web", upstream.Address));

        await mesh.AskAsync();
        await mesh.IsAtRestAsync();

        Assert.Equal(1, mesh.Count("weft_requests_total", ("status", "404"), ("result", "failure")));
        Assert.Equal(1, mesh.Count("weft_attempts_total", ("status", "404"), ("result", "failure")));
    }

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(
        "accept: application/openmetrics-text\r\n",
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    )]
    public async Task The_format_is_the_one_that_was_asked_for(string fields, string contentType)
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(contentType, (await proxy.AskAdminAsync("/metrics", fields: fields))["content-type"]);
    }

    private static async Task<Scrape> ScrapeAsync(FilesProxy proxy) =>
        Scrape.Read((await proxy.AskAdminAsync("/metrics")).Body);
}
