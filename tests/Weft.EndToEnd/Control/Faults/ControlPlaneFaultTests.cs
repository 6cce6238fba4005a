using System.Diagnostics;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>
/// What befalls the control plane loses no request, and afterwards it is followed as before. That it is killed or comes back empty is told in
/// <see cref="StaticStabilityTests"/>.
/// </summary>
public class ControlPlaneFaultTests
{
    /// <summary>What is promised is ten seconds; the rest is for machines that do much else.</summary>
    private static readonly TimeSpan AboutTenSeconds = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task frozen_it_is_missed_within_ten_seconds_and_followed_again_when_it_goes_on()
    {
        await using var mesh = await ControlledMesh.Start();
        var traffic = await MeshTraffic.Start(mesh);

        mesh.Control.Freeze();
        await IsMissed(mesh);
        await traffic.GoesOn();
        mesh.Control.Thaw();
        await IsFollowed(mesh, traffic);
    }

    [Fact]
    public async Task cut_off_it_is_missed_within_ten_seconds_and_followed_again_when_it_is_reached()
    {
        await using var network = await NetworkNamespace.Create();
        await using var mesh = await ControlledMesh.Start(await ControlProcess.Start(network));
        var traffic = await MeshTraffic.Start(mesh);

        await network.Cut();
        await IsMissed(mesh);
        await traffic.GoesOn();
        await network.Mend();
        await IsFollowed(mesh, traffic);
    }

    [Fact]
    public async Task with_a_full_disk_it_refuses_changes_and_serves_proxies_and_takes_changes_once_there_is_room()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 4);
        await using var mesh = await ControlledMesh.Start(await ControlProcess.Start(data: disk.Path));
        var traffic = await MeshTraffic.Start(mesh);

        disk.Fill();
        // More than what is left of the last page of its file.
        var large = string.Concat(Enumerable.Range(0, 1000).Select(i => $"/large/{i} => /svc ; "));
        var (code, answer) = await mesh.Control.TryApply(ControlProcess.DtabDocument(large));
        Assert.Equal(1, code);
        Assert.Contains("No space left", answer, StringComparison.Ordinal);
        Assert.Equal(2, await mesh.Control.Proxies());
        await traffic.GoesOn();

        // Even one that is started again has what it acknowledged.
        await mesh.Control.Restart();
        await mesh.AreConnected();
        await traffic.GoesOn();
        disk.MakeRoom();
        await IsFollowed(mesh, traffic);
    }

    private static async Task IsMissed(ControlledMesh mesh)
    {
        var began = Stopwatch.GetTimestamp();
        await mesh.AreConnected(false);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, AboutTenSeconds);
    }

    private static async Task IsFollowed(ControlledMesh mesh, MeshTraffic traffic)
    {
        await mesh.AreConnected();
        await mesh.Control.Dtab(ControlledMesh.ToTwo);
        await traffic.GoesTo("two");
        await traffic.EndsWithoutFailure();
    }
}
