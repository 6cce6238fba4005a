using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>
/// What befalls an etcd that holds both the control plane's documents and the registered services loses no request, and afterwards both are
/// followed as before.
/// </summary>
public class EtcdFaultTests
{
    private const string Dtab = "/host => /#/etcd ; /svc => /host ;";
    private const string ToOther = $"{Dtab} /svc/books => /host/other ;";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task killed_and_frozen_it_loses_no_request_and_is_followed_again()
    {
        await using var etcd = new EtcdServer();
        await using var mesh = await Start(etcd);
        var traffic = await MeshTraffic.Start(mesh);

        await etcd.Kill();
        await IsTold(mesh, "etcd cannot be followed", "/#/etcd");
        await IsRefused(mesh);
        await traffic.GoesOn();
        await etcd.Start("memory");
        await IsFollowed(etcd, mesh, traffic);

        etcd.Freeze();
        await Silence.Of(etcd.Address);
        await IsRefused(mesh);
        await traffic.GoesOn();
        etcd.Thaw();
        await IsFollowed(etcd, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    [Fact]
    public async Task cut_off_it_is_missed_and_loses_no_request_and_is_followed_again()
    {
        await using var network = await NetworkNamespace.Create();
        await using var etcd = new EtcdServer(network);
        await using var mesh = await Start(etcd);
        var traffic = await MeshTraffic.Start(mesh);

        await network.Cut();
        await IsTold(mesh, "etcd cannot be followed", "/#/etcd");
        await IsRefused(mesh);
        await traffic.GoesOn();
        await network.Mend();
        await IsFollowed(etcd, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    /// <summary>Without room for what it was told etcd ends itself.</summary>
    [Fact]
    public async Task with_a_full_disk_it_loses_no_request_and_is_followed_again_once_there_is_room()
    {
        // Its log alone takes 128 MB from the start.
        await using var disk = await SmallDisk.Mount(megabytes: 140);
        await using var etcd = new EtcdServer(folder: disk.Path);
        await using var mesh = await Start(etcd);
        var traffic = await MeshTraffic.Start(mesh);

        disk.Fill();
        await Eventually.Is(async () => await CannotWrite(etcd), "etcd had no room");
        await IsTold(mesh, "etcd cannot be followed", "/#/etcd");
        await IsRefused(mesh);
        await traffic.GoesOn();
        disk.MakeRoom();
        await etcd.Start("memory");
        await IsFollowed(etcd, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    /// <summary>
    /// It has neither documents nor services. The services are held; of the documents the control plane stays with what it knows, until it is
    /// started anew: then it knows nothing, and the proxies stay with what they know.
    /// </summary>
    [Fact]
    public async Task restarted_empty_it_loses_no_request_and_what_is_written_again_is_followed()
    {
        await using var etcd = new EtcdServer();
        await using var mesh = await Start(etcd);
        var traffic = await MeshTraffic.Start(mesh);

        await etcd.Kill();
        await etcd.Start("nothing");
        await IsTold(mesh, "it was emptied or restored", "withdrawn at once");
        await IsRefused(mesh, "it was emptied or restored");
        await traffic.GoesOn();
        await Register(etcd, mesh);
        await etcd.Put("books/two", $"{mesh.Two.Address} {mesh.Two.Port}");
        await traffic.Reaches("two");
        await etcd.Delete("books/two");
        await traffic.GoesTo("one");

        await mesh.Control.Restart();
        await mesh.AreConnected();
        await traffic.GoesOn();
        await Apply(etcd, mesh);
        await IsFollowed(etcd, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    private static async Task<ControlledMesh> Start(EtcdServer etcd)
    {
        await etcd.Start("memory");
        return await ControlledMesh.Start(
            await ControlProcess.Start(store: $"etcd://{etcd.Address.Authority}"),
            async mesh =>
            {
                await Register(etcd, mesh);
                await Apply(etcd, mesh);
            }
        );
    }

    private static async Task Register(EtcdServer etcd, ControlledMesh mesh)
    {
        await etcd.Put("books/one", $"{mesh.One.Address} {mesh.One.Port}");
        await etcd.Put("other/two", $"{mesh.Two.Address} {mesh.Two.Port}");
    }

    private static Task Apply(EtcdServer etcd, ControlledMesh mesh) =>
        mesh.Control.Apply(
            $$"""
            kind: Namer
            metadata: {name: etcd}
            spec: {kind: etcd, servers: ["{{etcd.Address}}"], holdMassRemoval: 10m}
            ---
            {{ControlProcess.DtabDocument(Dtab)}}
            """
        );

    /// <summary>The control plane says so, of its store and of its source of names.</summary>
    private static Task IsTold(ControlledMesh mesh, string ofStore, string ofNames) =>
        Eventually.Is(
            () =>
                mesh.Control.Errors.Contains(ofStore, StringComparison.Ordinal)
                && mesh.Control.Errors.Contains(ofNames, StringComparison.Ordinal),
            $"the control plane said '{ofStore}' and '{ofNames}'",
            Long
        );

    private static async Task IsRefused(ControlledMesh mesh, string why = "etcd cannot")
    {
        var (code, answer) = await mesh.Control.TryApply(ControlProcess.DtabDocument(ToOther));
        Assert.Equal(1, code);
        Assert.Contains(why, answer, StringComparison.Ordinal);
    }

    private static async Task<bool> CannotWrite(EtcdServer etcd)
    {
        try
        {
            await etcd.Ask(
                "put",
                $$"""{"key":"{{EtcdServer.Base64("large")}}","value":"{{new string('A', 100_000)}}"}"""
            );
        }
        catch (HttpRequestException)
        {
            // It is about to end, or has ended.
        }

        return etcd.HasExited;
    }

    /// <summary>Who joins gets requests, who leaves gets none; and a changed document has its effect.</summary>
    private static async Task IsFollowed(EtcdServer etcd, ControlledMesh mesh, MeshTraffic traffic)
    {
        await etcd.Put("books/two", $"{mesh.Two.Address} {mesh.Two.Port}");
        await traffic.Reaches("two");
        await etcd.Delete("books/two");
        await traffic.GoesTo("one");
        await mesh.Control.Dtab(ToOther);
        await traffic.GoesTo("two");
        await mesh.Control.Dtab(Dtab);
        await traffic.GoesTo("one");
    }
}
