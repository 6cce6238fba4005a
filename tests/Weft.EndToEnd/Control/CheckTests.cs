using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary><c>weft check</c> of real processes: a mesh that is well, and what it says of one that is not.</summary>
public class CheckTests
{
    [Fact]
    public async Task a_healthy_mesh_is_ok_in_every_group()
    {
        await using var mesh = await ControlledMesh.Start();
        await Eventually.Is(async () => (await mesh.Proxies[0].Get("books")).ServedBy == "one", "the name was bound");
        await Eventually.Is(async () => await mesh.Control.Proxies() == 2, "both proxies were connected");

        var (code, findings) = await Check(
            "--control",
            $"{mesh.Control.Address}",
            "--proxy",
            $"{mesh.Admin(0)}",
            "--proxy",
            $"{mesh.Admin(1)}"
        );

        Assert.Equal(0, code);
        // How many files may be open is the machine's affair.
        Assert.All(findings.Where(f => f.Check != "limits"), f => Assert.Equal("ok", f.Status));
        Assert.Equal(
            ["ports", "versions", "clocks", "readiness", "store", "documents", "discovery", "services", "limits"],
            findings.Select(f => f.Check).Distinct()
        );
        Assert.Contains(findings, f => f.Detail == "taken by all connected proxies (2)");
        Assert.Contains(findings, f => f.Detail == "ready endpoints for all names in use (1)");
    }

    [Fact]
    public async Task a_killed_control_plane_is_named_with_who_misses_it()
    {
        await using var mesh = await ControlledMesh.Start();
        mesh.Control.Kill();
        await ControlledMesh.IsConnected(mesh.Proxies[0], isConnected: false);

        var (code, findings) = await Check("--control", $"{mesh.Control.Address}", "--proxy", $"{mesh.Admin(0)}");

        Assert.Equal(1, code);
        Assert.Equal(
            [$"ports control {mesh.Control.Address}", $"discovery proxy {mesh.Admin(0)}"],
            findings.Where(f => f.Status == "error").Select(f => $"{f.Check} {f.Target}")
        );
        Assert.All(findings.Where(f => f.Status == "error"), f => Assert.NotEqual("", f.Remedy ?? ""));
        Assert.Contains(
            findings,
            f => f.Detail.Contains($"misses the control plane at {mesh.Control.Url}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task a_proxy_that_started_from_its_snapshot_is_told()
    {
        await using var mesh = await ControlledMesh.Start();
        await Eventually.Is(() => mesh.HasSavedSince(0, DateTime.MinValue), "the snapshot was saved");
        mesh.Control.Kill();
        await mesh.StartProxy(0);

        var (code, findings) = await Check("--proxy", $"{mesh.Admin(0)}");

        Assert.Equal(1, code);
        var readiness = Assert.Single(findings, f => f.Check == "readiness");
        Assert.Equal("warning", readiness.Status);
        Assert.Contains("snapshot", readiness.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_refused_document_is_named()
    {
        using var files = new TempMesh();
        await using var one = await EchoUpstream.Start("one");
        files.Disco("books", one.Address);
        await using var weft = await WeftProcess.Start(files);
        files.Document("bad.yaml", "kind: Service\nmetadata: {name: books}\nspec: {balancr: {kind: ewma}}\n");
        await Eventually.Is(
            async () => await weft.Metric("weft_config_rejected_total") > 0,
            "the document was refused"
        );

        var (code, findings) = await Check("--proxy", $"{files.Admin}");

        Assert.Equal(1, code);
        var refused = Assert.Single(findings, f => f.Status == "error");
        Assert.Equal(("documents", $"proxy {files.Admin}"), (refused.Check, refused.Target));
        Assert.Contains("bad.yaml:3:", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("unknown key 'balancr'", refused.Detail, StringComparison.Ordinal);

        // Before it runs, its file says the same, and that its addresses are taken: it runs already.
        var (before, offered) = await Check("-c", files.ConfigFile);
        Assert.Equal(1, before);
        Assert.Equal(
            ["files", "ports"],
            offered.Where(f => f.Status == "error").Select(f => f.Check).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Contains(offered, f => f.Detail == $"'admin': {files.Admin} is in use");
    }

    private static async Task<(int Code, List<Finding> Findings)> Check(params string[] arguments)
    {
        var (code, output, errors) = await WeftProgram.Run(["check", "-o", "json", "--timeout", "1m", .. arguments]);
        Assert.Equal("", errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(code == 0, json.RootElement.GetProperty("ok").GetBoolean());
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().Select(Read);
        return (code, [.. findings]);
    }

    private static Finding Read(JsonElement finding) =>
        new(
            finding.GetProperty("check").GetString()!,
            finding.GetProperty("target").GetString()!,
            finding.GetProperty("status").GetString()!,
            finding.GetProperty("detail").GetString()!,
            finding.GetProperty("remedy").GetString()
        );

    private sealed record Finding(string Check, string Target, string Status, string Detail, string? Remedy);
}
