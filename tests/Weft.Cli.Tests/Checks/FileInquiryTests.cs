using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests.Checks;

using Cli = Support.Cli;

public sealed class FileInquiryTests : IDisposable
{
    private readonly Bookshop _shop = new();

    public void Dispose() => _shop.Dispose();

    private string File(string more, string address = "127.0.0.1:0") =>
        _shop.Write(
            "proxy.yaml",
            $"""
            admin: 127.0.0.1:0
            {more}
            listeners:
              - name: outbound
                kind: outbound
                address: {address}
                protocol: http1
                limits: {"{connections: 10}"}
            """
        );

    private static async Task<(int ExitCode, string[] Findings)> CheckAsync(string file)
    {
        var result = await Cli.Run("check", "-c", file, "-o", "json", "--timeout", "1m");
        Assert.Equal("", result.Error);
        var findings = result.Json()["findings"]!.AsArray();
        return (result.ExitCode, [.. findings.Select(f => $"{f!["check"]} {f["status"]}: {f["detail"]}")]);
    }

    [Fact]
    public async Task A_proxy_that_would_start_is_ok()
    {
        var (exitCode, findings) = await CheckAsync(File("resources: ./mesh"));

        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["ports ok: all 2 addresses are free", "files ok: valid, and what it names can be used"],
            findings[..2]
        );
        Assert.StartsWith("limits ok: ", Assert.Single(findings[2..]));
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_named()
    {
        await using var other = ScriptedServer.Silent();
        var (exitCode, findings) = await CheckAsync(File("resources: ./mesh", other.Address));

        Assert.Equal(1, exitCode);
        Assert.Equal($"ports error: 'outbound': {other.Address} is in use", findings[0]);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        var (exitCode, findings) = await CheckAsync(File("resources: ./mesh", "192.0.2.1:4140"));

        Assert.Equal(1, exitCode);
        Assert.Equal("ports error: 'outbound': 192.0.2.1:4140 is none of this machine", findings[0]);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_file_and_documents_is_said()
    {
        _shop.Write("mesh/bad.yaml", "kind: Service\nmetadata: {name: books}\nspec: {balancr: {}, timeots: {}}\n");
        var (exitCode, findings) = await CheckAsync(File("resources: ./mesh"));

        Assert.Equal(1, exitCode);
        Assert.Equal(
            2,
            findings.Count(f => f.StartsWith("files error: ", StringComparison.Ordinal) && f.Contains("bad.yaml:3:"))
        );
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_finding()
    {
        var (exitCode, findings) = await CheckAsync("/nowhere/proxy.yaml");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("files error: /nowhere/proxy.yaml: the file cannot be read", Assert.Single(findings));
    }

    [Fact]
    public async Task The_control_plane_that_it_would_follow_is_asked()
    {
        await using var plane = await ControlPlane.StartAsync();
        var snapshot = _shop.Write("a-file", "");
        var (good, findings) = await CheckAsync(File($"control: http://{plane.Address}\nsnapshot: ./state/of/web"));
        Assert.Equal(0, good);
        Assert.Contains("ports ok: a control plane answers", findings);

        var (bad, missing) = await CheckAsync(
            File($"control: {"{address: 'http://127.0.0.1:1', tokenFile: ./none}"}\nsnapshot: {snapshot}/state")
        );
        Assert.Equal(1, bad);
        Assert.Contains("ports error: nobody listens there", missing);
        Assert.Contains(
            missing,
            f => f.StartsWith("files error: 'tokenFile': ", StringComparison.Ordinal) && f.Contains("cannot be read")
        );
        Assert.Contains(
            missing,
            f =>
                f.StartsWith("files error: 'snapshot': ", StringComparison.Ordinal)
                && f.Contains("is a file, and a folder")
        );
    }

    [Fact]
    public async Task Looking_leaves_nothing_behind()
    {
        var file = File("resources: ./mesh\n");
        var before = Directory.GetFileSystemEntries(System.IO.Path.GetDirectoryName(file)!);
        await CheckAsync(file);
        await CheckAsync(File("control: http://127.0.0.1:1\nsnapshot: ./state"));

        Assert.Equal(before, Directory.GetFileSystemEntries(System.IO.Path.GetDirectoryName(file)!));
    }
}
