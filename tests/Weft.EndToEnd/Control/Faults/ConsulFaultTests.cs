using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>What befalls the Consul that the control plane finds services in loses no request, and afterwards Consul is followed as before.</summary>
public class ConsulFaultTests
{
    private const string Service = "books";

    // A question that is not answered is given up after 75 s.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task killed_and_frozen_it_loses_no_request_and_is_followed_again()
    {
        await using var consul = new ConsulServer();
        await using var mesh = await Start(consul);
        var traffic = await MeshTraffic.Start(mesh);

        await consul.Kill();
        await IsTold(mesh, "cannot be reached");
        await traffic.GoesOn();
        await consul.Start("memory");
        await IsFollowed(consul, mesh, traffic);

        consul.Freeze();
        await Silence.Of(consul.Address);
        await traffic.GoesOn();
        consul.Thaw();
        await IsFollowed(consul, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    [Fact]
    public async Task cut_off_it_is_missed_and_loses_no_request_and_is_followed_again()
    {
        await using var network = await NetworkNamespace.Create();
        await using var consul = new ConsulServer(network);
        await using var mesh = await Start(consul);
        var traffic = await MeshTraffic.Start(mesh);

        await network.Cut();
        await IsTold(mesh, "/#/consul");
        await traffic.GoesOn();
        await network.Mend();
        await IsFollowed(consul, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    /// <summary>Without room for its log Consul has no leader, takes no changes and answers nothing new.</summary>
    [Fact]
    public async Task with_a_full_disk_it_loses_no_request_and_is_followed_again_once_there_is_room()
    {
        await using var disk = await SmallDisk.Mount(megabytes: 4);
        await using var consul = new ConsulServer(folder: disk.Path);
        await using var mesh = await Start(consul);
        var traffic = await MeshTraffic.Start(mesh);

        disk.Fill();
        // What fits into the pages that it has already is still taken.
        await Eventually.Is(async () => await Write(consul) is not null, "Consul had no room");
        await traffic.GoesOn();
        disk.MakeRoom();
        await Eventually.Is(async () => await Write(consul) is null, "Consul had room again", Long);
        await IsFollowed(consul, mesh, traffic);
        await traffic.EndsWithoutFailure();
    }

    /// <summary>It says that there is no such service. That is held, and what registers from then on counts.</summary>
    [Fact]
    public async Task restarted_empty_it_loses_no_request_and_what_registers_again_is_followed()
    {
        await using var consul = new ConsulServer();
        await using var mesh = await Start(consul);
        var traffic = await MeshTraffic.Start(mesh);

        await consul.Kill();
        await consul.Start("nothing");
        await IsTold(mesh, "withdrawn at once");
        await traffic.GoesOn();
        await consul.Register(Service, "two", mesh.Two);
        await traffic.Reaches("two");
        await consul.Register(Service, "one", mesh.One);
        await consul.Deregister("two");
        await traffic.GoesTo("one");
        await traffic.EndsWithoutFailure();
    }

    private static async Task<ControlledMesh> Start(ConsulServer consul)
    {
        await consul.Start("memory");
        return await ControlledMesh.Start(fill: async mesh =>
        {
            await consul.Register(Service, "one", mesh.One);
            await mesh.Control.Apply(
                $$"""
                kind: Namer
                metadata: {name: consul}
                spec: {kind: consul, address: "{{consul.Address}}", holdMassRemoval: 10m}
                """
            );
            await mesh.Control.Dtab("/host => /#/consul/dc1 ; /svc => /host ;");
        });
    }

    /// <summary>Writes something large, and returns why it could not.</summary>
    private static Task<string?> Write(ConsulServer consul) => consul.Refusal("/v1/kv/large", new string('x', 100_000));

    /// <summary>The control plane says so of its source.</summary>
    private static Task IsTold(ControlledMesh mesh, string what) =>
        Eventually.Is(
            () => Task.FromResult(mesh.Control.Errors.Contains(what, StringComparison.Ordinal)),
            () => $"the control plane said '{what}'; it said:\n{mesh.Control.Errors}",
            Long
        );

    /// <summary>Who joins gets requests, who leaves gets none.</summary>
    private static async Task IsFollowed(ConsulServer consul, ControlledMesh mesh, MeshTraffic traffic)
    {
        await consul.Register(Service, "two", mesh.Two);
        await traffic.Reaches("two");
        await consul.Deregister("two");
        await traffic.GoesTo("one");
    }
}
