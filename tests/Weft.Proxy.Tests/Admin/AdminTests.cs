using System.Text.Json;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

public class AdminTests
{
    private const string Changing = "weft-admin: 1\r\n";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:4191")]
    [InlineData("127.0.0.1:4191")]
    [InlineData("[::1]:4191")]
    [InlineData("10.1.2.3:4191")]
    public async Task Questions_by_an_address_or_a_loopback_name_are_answered(string host)
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(
            (200, "live\n"),
            (await proxy.AskAdminAsync("/live", host: host)) is var r ? (r.Status, r.Body) : default
        );
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    public async Task Any_name_may_read_and_none_but_this_machines_may_change_since_a_web_page_can_choose_it(
        string host
    )
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(200, (await proxy.AskAdminAsync("/metrics", host: host)).Status);
        Assert.Equal(403, (await proxy.AskAdminAsync("/shutdown", "POST", host, Changing)).Status);
        Assert.False(proxy.Shutdown.IsCompleted);
    }

    [Theory]
    [InlineData("localhost", "")]
    [InlineData("localhost", "weft-admin: 0\r\n")]
    [InlineData("10.1.2.3", Changing)]
    public async Task Changes_need_their_header_and_a_loopback_name(string host, string fields)
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(403, (await proxy.AskAdminAsync("/shutdown", "POST", host, fields)).Status);
        Assert.Equal(403, (await proxy.AskAdminAsync("/drain", "POST", host, fields)).Status);
        Assert.Equal(403, (await proxy.AskAdminAsync("/log-level", "PUT", host, fields, "debug")).Status);
        Assert.False(proxy.Shutdown.IsCompleted);
        Assert.False(proxy.Server.IsDraining);
        Assert.Equal(LogLevel.Info, proxy.State.Log.Level);
    }

    [Fact]
    public async Task The_log_level_changes_and_a_wrong_one_does_not()
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(200, (await proxy.AskAdminAsync("/log-level", "PUT", fields: Changing, body: "debug\n")).Status);
        Assert.Equal(LogLevel.Debug, proxy.State.Log.Level);
        var wrong = await proxy.AskAdminAsync("/log-level", "PUT", fields: Changing, body: "loud");

        Assert.Equal(400, wrong.Status);
        Assert.Contains("debug", wrong.Body, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Debug, proxy.State.Log.Level);
    }

    [Fact]
    public async Task Who_is_out_of_service_is_shown_with_the_reason()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        var nobody = FilesProxy.FreeAddress();
        proxy.Write("disco/web", $"127.0.0.1 {upstream.Address.Port} zone=a\n127.0.0.1 {nobody.Port} zone=b\n");
        proxy.Write(
            "mesh/service.yaml",
            "apiVersion: weft.dev/v1\nkind: Service\nmetadata: {name: web}\nspec: {healthCheck: {kind: tcp, interval: 20ms, unhealthy: 1}}\n"
        );

        await Eventually.HoldsAsync(
            async () =>
            {
                await proxy.AskAsync();
                var endpoints = (await proxy.AskAdminAsync("/endpoints")).Body;
                return endpoints.Contains("its health check fails: connection refused", StringComparison.Ordinal);
            },
            "the reason"
        );
        var scrape = Scrape.Read((await proxy.AskAdminAsync("/metrics")).Body);

        Assert.Equal(1, scrape.Sum("weft_endpoints", ("client", "/#/file/web"), ("state", "ready")));
        Assert.Equal(1, scrape.Sum("weft_endpoints", ("client", "/#/file/web"), ("state", "ejected")));
        Assert.True(scrape.Sum("weft_health_checks_total", ("outcome", "connect-failed")) > 0);
        Assert.Equal(1, scrape.Sum("weft_ejections_total", ("cause", "health-check")));
    }

    [Fact]
    public async Task Drain_is_visible_and_shutdown_is_passed_on()
    {
        await using var proxy = await FilesProxy.StartAsync();
        Assert.Equal(200, (await proxy.AskAdminAsync("/ready")).Status);

        Assert.Equal(202, (await proxy.AskAdminAsync("/drain", "POST", fields: Changing)).Status);
        Assert.Equal(
            (503, "draining\n"),
            (await proxy.AskAdminAsync("/ready")) is var r ? (r.Status, r.Body) : default
        );
        Assert.Equal(200, (await proxy.AskAdminAsync("/live")).Status);
        Assert.Equal(202, (await proxy.AskAdminAsync("/shutdown", "POST", fields: Changing)).Status);

        await proxy.Shutdown.WithinLimit();
    }

    [Theory]
    [InlineData("/live")]
    [InlineData("/metrics")]
    [InlineData("/config")]
    [InlineData("/absent")]
    public async Task Head_is_answered_like_get_without_the_body(string path)
    {
        await using var proxy = await FilesProxy.StartAsync();
        using var client = await Wire.ConnectAsync(proxy.Admin.LocalEndPoint!);

        await client.SendAsync($"HEAD {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        var head = (await client.ReadResponseAsync(toHead: true))!;
        await client.SendAsync("GET /live HTTP/1.1\r\nhost: localhost\r\n\r\n");

        Assert.Equal(path == "/absent" ? 404 : 200, head.Status);
        Assert.NotEqual("0", head["content-length"]);
        Assert.Equal("live\n", (await client.ReadResponseAsync())!.Body);
    }

    [Theory]
    [InlineData("/absent", "GET", 404)]
    [InlineData("/drain", "GET", 404)]
    [InlineData("/live", "POST", 404)]
    [InlineData("/live", "DELETE", 405)]
    public async Task What_does_not_exist_is_said_so(string path, string method, int status)
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(status, (await proxy.AskAdminAsync(path, method, fields: Changing)).Status);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?path=svc", 400)]
    [InlineData("?path=/svc/web&dtab=/x%20%3D%3E", 400)]
    [InlineData("?path=/svc/web", 200)]
    public async Task Delegate_says_what_is_wrong_with_the_question(string query, int status)
    {
        await using var proxy = await FilesProxy.StartAsync();

        Assert.Equal(status, (await proxy.AskAdminAsync($"/delegate{query}")).Status);
    }

    [Fact]
    public async Task Delegate_shows_the_steps_and_takes_extra_dentries()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));

        var plain = await BoundAsync(proxy, "?path=/svc/web");
        var extra = await BoundAsync(proxy, "?path=/svc/web&dtab=/svc+%3D%3E+/$/fail");

        Assert.Equal("/#/file/web", plain.GetProperty("id").GetString());
        Assert.Equal("fail", extra.GetProperty("type").GetString());

        static async Task<JsonElement> BoundAsync(FilesProxy proxy, string query) =>
            JsonDocument.Parse((await proxy.AskAdminAsync($"/delegate{query}")).Body).RootElement.GetProperty("bound");
    }

    [Fact]
    public async Task The_last_failures_are_shown_the_latest_first()
    {
        await using var proxy = await FilesProxy.StartAsync();
        await proxy.AskAsync("first");
        await proxy.AskAsync("second");

        var failures = JsonDocument.Parse((await proxy.AskAdminAsync("/requests")).Body).RootElement;

        Assert.Equal(
            ["/svc/second", "/svc/first"],
            failures.EnumerateArray().Select(f => f.GetProperty("name").GetString())
        );
        var latest = failures[0];
        Assert.Equal("no-binding", latest.GetProperty("reason").GetString());
        Assert.Equal(503, latest.GetProperty("status").GetInt32());
        Assert.Equal("outbound", latest.GetProperty("direction").GetString());
        Assert.Equal("GET", latest.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Endpoints_show_their_state_and_why()
    {
        using var upstream = Upstream.Answering();
        var nobody = FilesProxy.FreeAddress();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        proxy.Write(
            "disco/web",
            $"{upstream.Address.Address} {upstream.Address.Port} * 2\n{nobody.Address} {nobody.Port}\n"
        );
        await proxy.IsLaterThanAsync(1);
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal(200, (await proxy.AskAsync()).Status);
                return (await proxy.AskAdminAsync("/endpoints")).Body.Contains("ejected", StringComparison.Ordinal);
            },
            "an endpoint that is down"
        );

        var client = JsonDocument.Parse((await proxy.AskAdminAsync("/endpoints")).Body).RootElement[0];

        Assert.Equal("/#/file/web", client.GetProperty("client").GetString());
        var endpoints = client
            .GetProperty("endpoints")
            .EnumerateArray()
            .ToDictionary(e => e.GetProperty("address").GetString()!);
        Assert.Equal("ready", endpoints[$"{upstream.Address}"].GetProperty("state").GetString());
        Assert.Equal(2, endpoints[$"{upstream.Address}"].GetProperty("weight").GetDouble());
        Assert.Equal(0, endpoints[$"{upstream.Address}"].GetProperty("inFlight").GetInt32());
        Assert.Contains("refused", endpoints[$"{nobody}"].GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_is_shown_with_what_was_refused()
    {
        await using var proxy = await FilesProxy.StartAsync();
        proxy.Write("mesh/bad.yaml", "nonsense");
        await proxy.RefusalAsync();

        var config = JsonDocument.Parse((await proxy.AskAdminAsync("/config")).Body).RootElement;

        Assert.Equal(1, config.GetProperty("version").GetInt64());
        Assert.Equal(proxy.At("proxy.yaml"), config.GetProperty("file").GetString());
        Assert.Equal(
            "/svc=>/#/file",
            config
                .GetProperty("listeners")[0]
                .GetProperty("dtab")
                .GetString()!
                .Replace(" ", "", StringComparison.Ordinal)
                .TrimEnd(';')
        );
        Assert.Contains("bad.yaml", config.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "bad.yaml",
            config.GetProperty("rejected")[0].GetProperty("problems")[0].GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, config.GetProperty("documents").GetArrayLength());
    }

    [Fact]
    public async Task The_configuration_tells_of_the_program_and_of_the_sources_that_it_asks()
    {
        await using var proxy = await FilesProxy.StartAsync();

        var config = JsonDocument.Parse((await proxy.AskAdminAsync("/config")).Body).RootElement;

        var process = config.GetProperty("process");
        Assert.NotEqual("", process.GetProperty("version").GetString());
        Assert.True(process.GetProperty("time").TryGetDateTimeOffset(out _));
        Assert.Equal(proxy.Server.Workers, process.GetProperty("workers").GetInt32());
        Assert.Equal(Environment.ProcessorCount, process.GetProperty("cores").GetInt32());
        Assert.Equal(20_000, config.GetProperty("listeners")[0].GetProperty("connections").GetInt32());
        var namer = config.GetProperty("namers")[0];
        Assert.Equal("file", namer.GetProperty("kind").GetString());
        Assert.Equal("/#/file", namer.GetProperty("prefix").GetString());
        Assert.Equal("ok", namer.GetProperty("state").GetString());
        Assert.Equal(0, namer.GetProperty("ageSeconds").GetDouble());
        Assert.Equal(0, namer.GetProperty("problems").GetArrayLength());
    }
}
