using System.Text.Json.Nodes;
using Weft.Cli.Tests.Support;
using Weft.Telemetry;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

public sealed class CheckTests
{
    // It stands still: nothing takes too long, and no clock is wrong.
    private static readonly VirtualTime Time = new();

    private static Task<CliResult> Run(params string[] args) => new Cli { Time = Time }.RunAsync(args);

    private static ScriptedServer Proxy(Func<JsonObject, JsonObject>? change = null, string ready = "ready\n")
    {
        var config = new JsonObject
        {
            ["version"] = 3,
            ["process"] = new JsonObject
            {
                ["version"] = ProgramVersion.Text,
                ["time"] = Time.GetUtcNow(),
                ["workers"] = 1,
                ["cores"] = 1,
            },
            ["listeners"] = new JsonArray(new JsonObject { ["name"] = "outbound", ["connections"] = 10 }),
            ["documents"] = new JsonArray(),
        };
        return ScriptedServer.Of(
            new()
            {
                ["/config"] = (change?.Invoke(config) ?? config).ToJsonString(),
                ["/ready"] = ready,
                ["/endpoints"] = "[]",
                ["/metrics"] = "weft_discovery_age_seconds 0\nweft_config_rejected_total 2\nprocess_max_fds 1024\n",
            }
        );
    }

    [Fact]
    public async Task A_healthy_proxy_is_ok_in_every_group()
    {
        await using var proxy = Proxy();
        var result = await Run("check", "--proxy", proxy.Address);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"""
            ports
              ok  proxy {proxy.Address}  a proxy answers
            versions
              ok  proxy {proxy.Address}  {ProgramVersion.Text.Split('+')[0]}, the same as this program
            clocks
              ok  proxy {proxy.Address}  agrees with this machine
            readiness
              ok  proxy {proxy.Address}  ready
            documents
              ok  proxy {proxy.Address}  0 documents in force; 2 refused since its start, all set right
            discovery
              ok  proxy {proxy.Address}  there are no namers
            services
              ok  proxy {proxy.Address}  no name is in use
            limits
              ok  proxy {proxy.Address}  1024 open files, 1 event loop on 1 core
            0 errors, 0 warnings, 8 ok

            """,
            result.Text
        );
    }

    [Fact]
    public async Task What_is_wrong_stands_above_what_to_do_about_it()
    {
        await using var proxy = Proxy(ready: "503 \ndraining\n");
        var result = await Run("check", "--proxy", proxy.Address);

        Assert.Equal(1, result.ExitCode);
        var space = new string(' ', "  error  proxy ".Length + proxy.Address.Length + 2);
        Assert.Contains(
            $"""
            readiness
              error  proxy {proxy.Address}  not ready: draining
            {space}-> it is about to end: start another in its place, or find out who stops it

            """,
            result.Text
        );
        Assert.EndsWith("1 error, 0 warnings, 7 ok\n", result.Text);
    }

    [Fact]
    public async Task Colours_are_for_terminals_and_what_others_wrote_cannot_command_them()
    {
        await using var proxy = Proxy(c =>
        {
            c["problems"] = new JsonArray("\u001b[2Jgone\nnext");
            return c;
        });
        var plain = await Run("check", "--proxy", proxy.Address);
        var styled = await new Cli { IsStyled = true, Time = Time }.RunAsync("check", "--proxy", proxy.Address);

        Assert.DoesNotContain("\u001b", plain.Text);
        Assert.Contains("stays:  [2Jgone next", plain.Text);
        Assert.Contains("\u001b[31m", styled.Text);
        Assert.DoesNotContain("\u001b[2J", styled.Text);
    }

    [Fact]
    public async Task A_warning_is_an_error_only_where_that_is_asked_for()
    {
        await using var proxy = Proxy(c =>
        {
            c["warnings"] = new JsonArray("strange");
            return c;
        });

        Assert.Equal(0, (await Run("check", "--proxy", proxy.Address)).ExitCode);
        var strict = await Run("check", "--proxy", proxy.Address, "--strict", "-o", "json");
        Assert.Equal((1, false), (strict.ExitCode, (bool)strict.Json()["ok"]!));
    }

    [Fact]
    public async Task Machines_get_every_finding_with_the_same_five_fields()
    {
        await using var proxy = Proxy(ready: "503 \ndraining\n");
        var json = (await Run("check", "--proxy", proxy.Address, "-o", "json")).Json();

        Assert.False((bool)json["ok"]!);
        Assert.All(
            json["findings"]!.AsArray(),
            f => Assert.Equal(["check", "target", "status", "detail", "remedy"], f!.AsObject().Select(p => p.Key))
        );
        Expect.Json(
            $$"""
            {'check': 'ports', 'target': 'proxy {{proxy.Address}}', 'status': 'ok', 'detail': 'a proxy answers', 'remedy': null}
            """,
            json["findings"]![0]
        );
        var yaml = await Run("check", "--proxy", proxy.Address, "-o", "yaml");
        Assert.StartsWith("ok: false\nfindings:\n  - check: ports\n", yaml.Text);
    }

    [Fact]
    public async Task Targets_that_do_not_answer_are_findings_and_the_others_are_checked()
    {
        await using var proxy = Proxy();
        await using var garbage = ScriptedServer.Raw("\0\0\0\0");
        await using var stranger = ScriptedServer.Of(new() { ["/config"] = "<html>" });
        await using var endless = ScriptedServer.Of(new() { ["/config"] = new string('[', 100_000) });
        string[] targets = [proxy.Address, "127.0.0.1:1", garbage.Address, stranger.Address, endless.Address];
        var result = await Run(["check", "-o", "json", .. targets.SelectMany(t => new[] { "--proxy", t })]);

        var ports = result.Json()["findings"]!.AsArray().Where(f => (string?)f!["check"] == "ports").ToArray();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["ok", "error", "error", "error", "error"], ports.Select(f => (string?)f!["status"]));
        Assert.Equal(targets.Select(t => $"proxy {t}"), ports.Select(f => (string?)f!["target"]));
    }

    [Fact]
    public async Task Who_never_answers_is_waited_for_as_long_as_was_said()
    {
        await using var one = ScriptedServer.Silent();
        await using var other = ScriptedServer.Silent();
        var result = await Cli.Run("check", "--proxy", one.Address, "--control", other.Address, "--timeout", "50ms");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"  error  proxy {one.Address}    no complete answer within 0.05 s\n", result.Text);
        Assert.Contains($"  error  control {other.Address}  no complete answer within 0.05 s\n", result.Text);
    }

    [Fact]
    public async Task With_no_option_the_usual_addresses_are_looked_at()
    {
        var nobody = await Run("check");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("there is no proxy at 127.0.0.1:1 and no control plane at 127.0.0.1:1", nobody.Text);

        await using var proxy = Proxy();
        var found = await new Cli { Proxy = proxy.Address, Time = Time }.RunAsync("check");
        Assert.Equal(0, found.ExitCode);
        Assert.Contains($"ok  proxy {proxy.Address}", found.Text);
        Assert.Contains("control 127.0.0.1:1", found.Text);
        Assert.Contains("there is no control plane at the usual address", found.Text);
    }

    [Fact]
    public async Task A_healthy_control_plane_is_ok_and_the_namespace_that_is_named_is_looked_at()
    {
        await using var plane = await ControlPlane.StartAsync();
        using var shop = new Bookshop();
        await plane.Run("apply", "-f", shop.Mesh);

        var all = await plane.Run("check", "--control", plane.Address, "--timeout", "1m");
        Assert.Equal((0, ""), (all.ExitCode, all.Error));
        Assert.Contains("  ok  control " + plane.Address + "  2 documents in 1 namespace, all valid\n", all.Text);
        Assert.EndsWith("0 errors, 0 warnings, 7 ok\n", all.Text);

        // Whoever names a namespace means a control plane.
        var other = await plane.Run("check", "-n", "shpo", "--timeout", "1m");
        Assert.Equal(0, other.ExitCode);
        Assert.Contains("nothing was ever written to the namespace 'shpo'", other.Text);
        Assert.DoesNotContain("proxy 127.0.0.1:1", other.Text);
    }

    [Fact]
    public async Task Wrong_addresses_are_told_from_right_ones()
    {
        await using var plane = await ControlPlane.StartAsync();
        await using var proxy = ScriptedServer.Of(new() { ["/api/v1/status"] = "404 \n/live /ready /metrics ...\n" });

        Assert.Contains(
            "a control plane answers there, and no proxy",
            (await Run("check", "--proxy", plane.Address)).Text
        );
        Assert.Contains(
            "a proxy answers there, and no control plane",
            (await Run("check", "--control", proxy.Address)).Text
        );
    }

    [Theory]
    [InlineData("weft check: --timeout cannot be '0s'; write a duration up to 5m", "check", "--timeout", "0s")]
    [InlineData("--proxy cannot be 'https://x'; write host:port", "check", "--proxy", "https://x")]
    [InlineData("--control cannot be 'a b'; write host:port", "check", "--control", "a b")]
    [InlineData("weft check: 'x' is one argument too many", "check", "x")]
    public async Task Wrong_usage_is_exit_2(string error, params string[] args)
    {
        var result = await Run(args);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.StartsWith(error, result.Error);
    }
}
