using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.HarnessTests;

public class HarnessBasicsTests
{
    [Fact]
    public async Task a_condition_that_never_comes_true_fails_and_says_what_was_waited_for()
    {
        var e = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.Is(() => false, "pigs flew", TimeSpan.FromMilliseconds(20))
        );
        Assert.Equal("within 0.02 s it never happened that pigs flew", e.Message);
    }

    [Fact]
    public async Task a_process_ends_when_it_is_asked_to_and_its_words_are_kept()
    {
        await using var child = ChildProcess.Start(
            Tool.Require("bash"),
            "-c",
            "trap 'echo bye >&2; exit 7' TERM; echo ready; while :; do read -t 1 <> <(:); done"
        );
        await Eventually.Is(() => child.Output is "ready", "the process said that it is ready");
        child.Terminate();
        Assert.Equal(7, await child.Exit());
        Assert.Equal("bye", child.Errors);
    }

    [Fact]
    public async Task all_that_a_program_prints_on_its_way_to_its_end_is_kept()
    {
        var (_, output, errors) = await ChildProcess.Run(Tool.Require("bash"), "-c", "seq 10000; seq 10000 >&2");
        var all = string.Join('\n', Enumerable.Range(1, 10_000));
        Assert.Equal(all, output);
        Assert.Equal(all, errors);
    }

    [Fact]
    public async Task of_a_process_that_runs_on_the_last_lines_are_kept()
    {
        await using var child = ChildProcess.Start(Tool.Require("bash"), "-c", "seq 10000");
        await child.Exit();
        Assert.Equal(string.Join('\n', Enumerable.Range(8_001, 2_000)), child.Output);
    }

    [Fact]
    public async Task a_process_that_is_disposed_of_is_gone()
    {
        var child = ChildProcess.Start(Tool.Require("bash"), "-c", "read <> <(:)");
        var id = child.Id;
        Assert.True(Directory.Exists($"/proc/{id}") || !OperatingSystem.IsLinux());
        await child.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public void free_ports_are_not_given_out_twice()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => FreePort.Next()).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.All(ports, p => Assert.InRange(p, 20_000, 32_000));
    }

    [Fact]
    public void metrics_are_summed_over_the_series_that_carry_the_labels()
    {
        const string text = """
            # HELP weft_requests_total What callers saw.
            # TYPE weft_requests_total counter
            weft_requests_total{service="a,b",status="200"} 3
            weft_requests_total{service="a,b",status="503"} 4
            weft_requests_total{service="c",status="200"} 5 1700000000000
            weft_requests_total_other 100
            weft_config_rejected_total 1
            """;
        Assert.Equal(12, Metrics.Sum(text, "weft_requests_total"));
        Assert.Equal(8, Metrics.Sum(text, "weft_requests_total", "status=\"200\""));
        Assert.Equal(3, Metrics.Sum(text, "weft_requests_total", "status=\"200\"", "service=\"a,b\""));
        Assert.Equal(1, Metrics.Sum(text, "weft_config_rejected_total"));
        Assert.Equal(0, Metrics.Sum(text, "absent"));
    }

    [Fact]
    public void a_mesh_is_written_as_the_proxy_reads_it()
    {
        using var mesh = new TempMesh();
        var (one, two) = (FreePort.NextOnLoopback(), FreePort.NextOnLoopback());
        mesh.Disco("books", one, two);
        Assert.Equal($"127.0.0.1 {one.Port}\n127.0.0.1 {two.Port}\n", File.ReadAllText(mesh.DiscoFile("books")));
        mesh.DiscoInPlace("books", two);
        Assert.Equal($"127.0.0.1 {two.Port}\n", File.ReadAllText(mesh.DiscoFile("books")));
        mesh.Dtab("/svc => /#/file ;");
        Assert.Equal(
            "kind: Dtab\nmetadata: {name: default}\nspec: |\n  /svc => /#/file ;\n",
            File.ReadAllText(mesh.DtabFile)
        );
        Assert.Contains($"address: {mesh.Outbound}", File.ReadAllText(mesh.ConfigFile), StringComparison.Ordinal);
    }
}
