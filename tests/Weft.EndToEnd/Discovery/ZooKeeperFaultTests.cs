using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Discovery;

/// <summary>What happens to ZooKeeper takes nothing away from those who found a service in it; afterwards changes are followed again.</summary>
public class ZooKeeperFaultTests
{
    [Fact]
    public async Task killing_zookeeper_freezing_it_and_restarting_it_empty_loses_no_request()
    {
        await using var mesh = await ZooKeeperMesh.Start(new ZooKeeperServer());
        await mesh.Server.Kill();
        await mesh.IsMissed();
        await mesh.GoesOn();
        await mesh.Server.Start();
        await mesh.IsMissed(false);

        mesh.Server.Freeze();
        await mesh.IsMissed();
        await mesh.GoesOn();
        mesh.Server.Thaw();
        await mesh.IsMissed(false);

        await mesh.Server.Kill();
        await mesh.Server.Start("empty");
        await mesh.IsHeld();
        await mesh.GoesOn();
        await mesh.RegistersAgain();
        await mesh.IsMissed(false);
        await mesh.FollowsChanges();
    }

    [Fact]
    public async Task cutting_zookeepers_network_and_filling_its_disk_loses_no_request()
    {
        await using var network = await NetworkNamespace.Create();
        await using var disk = await SmallDisk.Mount(megabytes: 4);
        await using var mesh = await ZooKeeperMesh.Start(new ZooKeeperServer(network, folder: disk.Path));
        await network.Cut();
        await mesh.IsMissed();
        await mesh.GoesOn();
        await network.Mend();
        await mesh.IsMissed(false);

        disk.Fill();
        // It finds out by writing what it is told, and ends over it; whoever watches over it starts it again once there is room.
        await mesh.Server.WriteUntilItEnds();
        await mesh.IsMissed();
        await mesh.GoesOn();
        disk.MakeRoom();
        await mesh.Server.Start();
        await mesh.FollowsChanges();
    }
}
