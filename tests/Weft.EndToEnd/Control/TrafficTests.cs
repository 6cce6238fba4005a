using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>What proxies count is seen at their control plane: who calls whom, and which proxy is missing.</summary>
public sealed class TrafficTests
{
    // Reports go every five seconds or so, and the machine is busy.
    private static readonly TimeSpan SomeReports = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task the_control_plane_tells_who_calls_whom_and_which_proxy_has_gone()
    {
        await using var control = await ControlProcess.Start();
        await using var books = await EchoUpstream.Start("books");
        using var besideWeb = new TempMesh();
        using var alone = new TempMesh();
        besideWeb.Disco("books", books.Address);
        await control.Namer(besideWeb);
        await control.Dtab(TempMesh.DefaultDtab);
        Configure(
            besideWeb,
            control,
            $"- {{name: inbound, kind: inbound, address: \"127.0.0.1:0\", service: web, to: \"{books.Address}\"}}"
        );
        Configure(alone, control, "");
        await using var web = await WeftProcess.Start(besideWeb);
        await using var other = await WeftProcess.Start(alone);

        // Three of four succeed.
        for (var i = 0; i < 40; i++)
        {
            await web.Get("books", i % 4 == 0 ? "/status/503" : "/");
        }

        await other.Get("books");
        var edges = await Until(
            control,
            e => Requests(e, "web") == 40 && Callers(e).Length == 2,
            "all requests were reported"
        );
        var ofWeb = edges.EnumerateArray().Single(e => e.GetProperty("caller").GetString() == "web");
        Assert.Equal("books", ofWeb.GetProperty("service").GetString());
        Assert.Equal(0.75, ofWeb.GetProperty("successRate").GetDouble());
        Assert.True(ofWeb.GetProperty("p99Ms").GetDouble() > 0);
        // The other one stands beside no service, and is called by its id.
        Assert.Contains(Callers(edges), c => c.EndsWith($":{alone.Admin.Port}", StringComparison.Ordinal));

        web.Kill();
        await Eventually.Is(
            async () =>
            {
                var (code, output, errors) = await Edges(control);
                return code == 0
                    && output.Contains("web", StringComparison.Ordinal)
                    && errors.Contains($":{besideWeb.Admin.Port} has left", StringComparison.Ordinal);
            },
            "the death of a proxy was told",
            SomeReports
        );
    }

    [Fact]
    public async Task what_happened_while_the_control_plane_was_dead_is_told_when_it_is_back()
    {
        await using var control = await ControlProcess.Start();
        await using var books = await EchoUpstream.Start("books");
        using var files = new TempMesh();
        files.Disco("books", books.Address);
        await control.Namer(files);
        await control.Dtab(TempMesh.DefaultDtab);
        Configure(
            files,
            control,
            $"- {{name: inbound, kind: inbound, address: \"127.0.0.1:0\", service: web, to: \"{books.Address}\"}}"
        );
        await using var web = await WeftProcess.Start(files);
        await web.Get("books");
        await Until(control, e => Requests(e, "web") == 1, "the first request was reported");

        control.Kill();
        await ControlledMesh.IsConnected(web, isConnected: false);
        for (var i = 0; i < 10; i++)
        {
            await web.Get("books");
        }

        await control.Restart();
        await Until(control, e => Requests(e, "web") == 10, "the requests of meanwhile were reported");
    }

    private static void Configure(TempMesh files, ControlProcess control, string inbound) =>
        files.RawConfig(
            $$"""
            admin: {{files.Admin}}
            workers: 1
            control: {{control.Url}}
            listeners:
              - {name: outbound, kind: outbound, address: "{{files.Outbound}}", protocol: http1}
              {{inbound}}
            """
        );

    private static async Task<JsonElement> Until(ControlProcess control, Predicate<JsonElement> condition, string what)
    {
        JsonElement edges = default;
        await Eventually.Is(
            async () =>
            {
                var (_, output, _) = await Edges(control, "-o", "json");
                using var document = JsonDocument.Parse(output);
                edges = document.RootElement.GetProperty("edges").Clone();
                return condition(edges);
            },
            what,
            SomeReports
        );
        return edges;
    }

    private static Task<(int ExitCode, string Output, string Errors)> Edges(
        ControlProcess control,
        params IEnumerable<string> more
    ) => WeftProgram.Run(["edges", "--control", control.Address.ToString(), "--window", "5m", .. more]);

    private static string[] Callers(JsonElement edges) =>
        [.. edges.EnumerateArray().Select(e => e.GetProperty("caller").GetString()!)];

    private static double Requests(JsonElement edges, string caller) =>
        edges
            .EnumerateArray()
            .Where(e => e.GetProperty("caller").GetString() == caller)
            .Sum(e => e.GetProperty("requests").GetDouble());
}
