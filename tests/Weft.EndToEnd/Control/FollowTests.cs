using System.Diagnostics;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>Proxies follow a control plane.</summary>
public class FollowTests
{
    /// <summary>What is promised is about a second; the rest is for machines that do much else.</summary>
    private static readonly TimeSpan AboutASecond = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task applying_a_dtab_moves_traffic_at_both_proxies_and_loses_no_request()
    {
        await using var mesh = await ControlledMesh.Start();
        var loads = mesh.StartLoad();
        await Task.WhenAll(loads.Select(l => l.GoesTo("one")));
        foreach (var (dtab, name) in new[] { (ControlledMesh.ToTwo, "two"), (ControlledMesh.ToOne, "one") })
        {
            await mesh.Control.Dtab(dtab);
            var applied = Stopwatch.GetTimestamp();
            await Task.WhenAll(loads.Select(l => l.GoesTo(name)));
            Assert.InRange(Stopwatch.GetElapsedTime(applied), TimeSpan.Zero, AboutASecond);
        }

        foreach (var load in loads)
        {
            await load.StopWithoutFailure();
        }

        // Both have the same documents, and say so.
        var said = await Task.WhenAll(mesh.Proxies.Select(ControlledMesh.ControlOf));
        Assert.Equal("control plane", said[0].GetProperty("from").GetString());
        Assert.Equal(said[0].GetProperty("version").GetString(), said[1].GetProperty("version").GetString());
        Assert.Equal(0, await mesh.Proxies[0].Metric("weft_discovery_age_seconds"));
        var (_, listed, _) = await WeftProgram.Run("proxies", "--control", mesh.Control.Address.ToString());
        Assert.Equal(3, listed.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task a_proxy_that_was_never_told_anything_is_not_ready_and_begins_when_the_control_plane_comes()
    {
        await using var control = await ControlProcess.Start();
        control.Kill();
        using var files = new TempMesh();
        await using var one = await EchoUpstream.Start("one");
        files.Disco("books", one.Address);
        files.RawConfig(
            $$"""
            admin: {{files.Admin}}
            control: {{control.Url}}
            listeners:
              - {name: outbound, kind: outbound, address: "{{files.Outbound}}", dtab: default}
            """
        );
        await using var weft = ChildProcess.Start(WeftProgram.Path, "proxy", "-c", files.ConfigFile);
        await Eventually.Is(
            async () => (await Status(files)).Contains("waiting for the control plane", StringComparison.Ordinal),
            "the proxy said that it waits"
        );

        await control.Restart();
        await control.Namer(files);
        await control.Dtab(TempMesh.DefaultDtab);
        // Attempts at a control plane that is away come less and less often, up to twice a minute.
        await Eventually.Is(async () => await Status(files) == "ready\n", "it was ready", TimeSpan.FromMinutes(1));
        var load = Load.Start(files.Outbound, "books", connections: 1);
        await load.GoesTo("one");
        await load.Stop();
    }

    private static async Task<string> Status(TempMesh files)
    {
        using var http = new HttpClient { Timeout = Eventually.Deadline };
        try
        {
            using var response = await http.GetAsync(
                new Uri($"http://{files.Admin}/ready"),
                TestContext.Current.CancellationToken
            );
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException e)
        {
            return e.Message; // Not listening yet.
        }
    }
}
