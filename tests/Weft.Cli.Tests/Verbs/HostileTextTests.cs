using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Cli.Control;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Verbs;

using Cli = Support.Cli;

/// <summary>Whatever proxies and control planes say, a terminal shows it and does not obey it.</summary>
public sealed class HostileTextTests
{
    private const string Clear = "\u001b[2J";

    // It clears the screen, in either way of saying so, begins a line, and turns what follows around.
    private const string Evil = "a" + Clear + "\u009b2J\r\n\u202eb";

    private const string Shown = "a [2J 2J   b";

    private static readonly JsonObject Reporter = new()
    {
        ["id"] = Evil,
        ["caller"] = Evil,
        ["connected"] = true,
        ["refused"] = Evil,
    };

    private static readonly JsonObject Row = new()
    {
        ["direction"] = "outbound",
        ["caller"] = Evil,
        ["service"] = Evil,
        ["route"] = Evil,
        ["client"] = Evil,
        ["successes"] = 1,
        ["failures"] = 0,
        ["sumSeconds"] = 1,
    };

    private static readonly JsonObject Document = new()
    {
        ["kind"] = Evil,
        ["name"] = Evil,
        ["revision"] = 1,
        ["version"] = 1,
        ["author"] = Evil,
        ["time"] = "2026-03-04T05:06:07Z",
        ["text"] = $"# {Evil}",
    };

    private static readonly JsonObject Proxy = new()
    {
        ["id"] = Evil,
        ["version"] = Evil,
        ["namespace"] = "default",
        ["connectedAt"] = "2026-03-04T05:06:07Z",
        ["heardAt"] = "2026-03-04T05:06:07Z",
        ["subscriptions"] = 1,
        ["sent"] = 1,
        ["acknowledged"] = 1,
        ["refused"] = new JsonArray(
            new JsonObject
            {
                ["kind"] = Evil,
                ["name"] = Evil,
                ["reason"] = Evil,
            }
        ),
    };

    private static readonly JsonObject Leaf = new()
    {
        ["type"] = "leaf",
        ["path"] = Evil,
        ["id"] = Evil,
        ["residual"] = Evil,
        ["dentry"] = Evil,
        ["share"] = 1,
        ["state"] = Evil,
        ["message"] = Evil,
        ["endpoints"] = new JsonArray(),
    };

    public static TheoryData<string, JsonObject, string> Answers =>
        new()
        {
            {
                "proxies",
                new() { ["proxies"] = Many(Proxy) },
                "200"
            },
            { "edges --control", Traffic, "200" },
            { "routes --control", Traffic, "200" },
            { "top --once --control", Traffic, "200" },
            { "stat --control", Traffic, "200" },
            { "get", Documents, "200" },
            { "history dtab x", Documents, "200" },
            { "delegate /svc/x --control", Bound(new() { ["tree"] = Leaf.DeepClone() }), "200" },
            { "resolve /svc/x --control", Bound(new() { ["names"] = Many(Leaf) }), "200" },
            { "resolve /svc/x --control", Bound(new() { ["names"] = new JsonArray() }), "200" },
            { "delete dtab x", Stale, "412" },
        };

    private static JsonObject Traffic =>
        new()
        {
            ["namespace"] = "default",
            ["windowSeconds"] = 60,
            ["proxies"] = Many(Reporter),
            ["requests"] = Many(Row),
            ["attempts"] = Many(Row),
        };

    private static JsonObject Documents =>
        new()
        {
            ["namespace"] = "default",
            ["revision"] = 1,
            ["documents"] = Many(Document),
        };

    private static JsonObject Stale =>
        new()
        {
            ["error"] = "stale",
            ["message"] = Evil,
            ["problems"] = Many(
                new()
                {
                    ["file"] = Evil,
                    ["line"] = 1,
                    ["column"] = 1,
                    ["message"] = Evil,
                }
            ),
            ["current"] = Document.DeepClone(),
            ["offered"] = Evil,
        };

    private static JsonObject Bound(JsonObject answer)
    {
        answer["bound"] = new JsonObject { ["type"] = "error", ["message"] = Evil };
        return answer;
    }

    private static JsonArray Many(JsonObject one) => [one.DeepClone()];

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task What_a_control_plane_says_cannot_command_a_terminal(string line, JsonObject answer, string status)
    {
        await using var server = ScriptedServer.Always($"{status} \n{answer.ToJsonString()}");
        string[] args = [.. line.Replace("--control", $"--control {server.Address}").Split(' ')];
        var plain = await new Cli { Control = server.Address }.RunAsync(args);
        var styled = await new Cli { Control = server.Address, IsStyled = true }.RunAsync(args);

        Assert.Contains(Shown, plain.Text + plain.Error);
        Assert.DoesNotContain(plain.Text + plain.Error, c => c != '\n' && char.IsControl(c));
        Assert.DoesNotContain('\u202e', plain.Text + plain.Error);
        Assert.DoesNotContain(Clear, styled.Text + styled.Error);
        Assert.DoesNotContain('\u009b', styled.Text + styled.Error);
        foreach (var format in (string[])["json", "yaml"])
        {
            var machine = await new Cli { Control = server.Address }.RunAsync([.. args, "-o", format]);
            Assert.DoesNotContain(machine.Text + machine.Error, c => c != '\n' && char.IsControl(c));
        }
    }

    [Fact]
    public async Task A_document_comes_as_it_was_written_unless_a_terminal_would_obey_it()
    {
        await using var server = ScriptedServer.Always(Document.ToJsonString());
        var file = await new Cli { Control = server.Address }.RunAsync("get", "dtab", "x");
        var terminal = await new Cli { Control = server.Address, IsTerminal = true }.RunAsync("get", "dtab", "x");

        Assert.Equal(new CliResult(0, $"# {Evil}\n", ""), file);
        Assert.Equal(new CliResult(0, "# a [2J 2J \n b\n", ""), terminal);
    }

    [Fact]
    public async Task What_a_proxy_says_cannot_either()
    {
        const string page = $$"""
            weft_requests_total{direction="outbound",service="{{Clear}}",route="{{Clear}}",status="200",result="success"} 1

            """;
        foreach (var verb in (string[])["stat", "edges", "routes", "top"])
        {
            var cli = new Cli { Proxy = "10.0.0.1:4191" };
            cli.Pages["10.0.0.1:4191"] = new Queue<string>([page]);
            cli.Configs["10.0.0.1:4191"] = """{"listeners":[]}""";
            var result = await cli.RunAsync(verb, "-p", "10.0.0.1:4191", "--total");

            Assert.Contains(" [2J", result.Text);
            Assert.DoesNotContain(Clear, result.Text);
        }
    }

    [Fact]
    public void Neither_can_a_difference_or_a_preview()
    {
        var json = $$"""
            {
              "revision": 1, "warnings": [], "windowSeconds": 60,
              "changes": [{"change": "changed", "kind": {{Quoted}}, "name": {{Quoted}}, "lines": [{{Quoted}}]}],
              "summary": {"requests": 1, "stay": 0, "change": 1, "fail": 0, "uncertain": 0},
              "unseen": [{"kind": {{Quoted}}, "name": {{Quoted}}}],
              "lines": [{
                "caller": {{Quoted}}, "service": {{Quoted}}, "route": {{Quoted}}, "requests": 1, "failures": 0, "verdict": "changes",
                "cases": [{
                  "dtab": "x",
                  "now": [{"share": 1, "type": "name", "id": {{Quoted}}}],
                  "then": [{"share": 1, "type": "redirect", "message": {{Quoted}}}]
                }],
                "dependsOn": [{{Quoted}}], "notes": [{{Quoted}}]
              }]
            }
            """;
        var preview = JsonSerializer.Deserialize(json, Api.Documents.ControlJson.Plain.PreviewResult)!;
        using var output = new StringWriter();
        DifferenceText.Write(output, [.. preview.Changes]);
        PreviewText.Write(output, isStyled: false, preview, all: true);

        Assert.Contains(Shown, output.ToString());
        Assert.DoesNotContain(output.ToString(), c => c != '\n' && char.IsControl(c));
    }

    private static string Quoted => JsonSerializer.Serialize(Evil);
}
