using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>What happens to the control plane takes nothing away from what proxies know.</summary>
public class StaticStabilityTests
{
    [Fact]
    public async Task killing_and_restarting_the_control_plane_loses_no_request_and_changes_go_on()
    {
        await using var mesh = await ControlledMesh.Start();
        var loads = mesh.StartLoad();
        await Task.WhenAll(loads.Select(l => l.GoesTo("one")));

        mesh.Control.Kill();
        foreach (var proxy in mesh.Proxies)
        {
            await ControlledMesh.IsConnected(proxy, isConnected: false);
            Assert.Contains("ageSeconds", await proxy.Admin("/config"), StringComparison.Ordinal);
            await Eventually.Is(async () => await proxy.Metric("weft_discovery_age_seconds") > 0, "it grew older");
        }

        await Task.WhenAll(loads.Select(l => l.Answers(200)));
        await mesh.Control.Restart();
        foreach (var proxy in mesh.Proxies)
        {
            await ControlledMesh.IsConnected(proxy);
        }

        await mesh.Control.Dtab(ControlledMesh.ToTwo);
        await Task.WhenAll(loads.Select(l => l.GoesTo("two")));
        foreach (var load in loads)
        {
            await load.StopWithoutFailure();
        }
    }

    [Fact]
    public async Task a_proxy_starts_from_its_snapshot_while_the_control_plane_is_dead_and_says_so()
    {
        await using var mesh = await ControlledMesh.Start();
        // What nobody has asked for yet is not known to any snapshot.
        await Eventually.Is(async () => (await mesh.Proxies[0].Get("books")).ServedBy == "one", "the name was bound");
        var bound = DateTime.UtcNow;
        await mesh.Control.Apply("kind: Service\nmetadata: {name: books}\nspec: {timeouts: {request: 9s}}\n");
        await Eventually.Is(() => mesh.HasSavedSince(0, bound), "the snapshot was saved");
        mesh.Control.Kill();

        var again = await mesh.StartProxy(0);
        var load = Load.Start(again.Outbound, "books", connections: 2);
        await load.GoesTo("one");
        await load.StopWithoutFailure();
        var said = await ControlledMesh.ControlOf(again);
        Assert.Equal("snapshot", said.GetProperty("from").GetString());
        Assert.False(said.GetProperty("connected").GetBoolean());
        Assert.True(said.GetProperty("ageSeconds").GetDouble() > 0);
        Assert.Contains("what was last known is in force", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task restarting_the_control_plane_empty_does_not_empty_the_proxies()
    {
        await using var mesh = await ControlledMesh.Start();
        var loads = mesh.StartLoad();
        await Task.WhenAll(loads.Select(l => l.GoesTo("one")));

        await mesh.Control.Restart(isEmpty: true);
        foreach (var proxy in mesh.Proxies)
        {
            await ControlledMesh.IsConnected(proxy);
        }

        await Eventually.Is(async () => await mesh.Control.Proxies() == 2, "both proxies came back");
        await Task.WhenAll(loads.Select(l => l.Answers(500)));

        // And what people write into the new store is followed as ever.
        await mesh.Fill();
        await mesh.Control.Dtab(ControlledMesh.ToTwo);
        await Task.WhenAll(loads.Select(l => l.GoesTo("two")));
        foreach (var load in loads)
        {
            await load.StopWithoutFailure();
        }
    }
}
