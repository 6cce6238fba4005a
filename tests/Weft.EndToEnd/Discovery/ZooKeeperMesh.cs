using System.Net;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Discovery;

/// <summary>
/// A ZooKeeper and two proxies under traffic, which find <c>books</c> in it: one proxy asks it itself, the other follows a control plane that does. What is
/// not in ZooKeeper is in a file, and answered by <c>file</c>.
/// </summary>
internal sealed class ZooKeeperMesh : IAsyncDisposable
{
    private const string One = "/discovery/prod/books/member_0000000001";
    private const string Two = "/discovery/prod/books/member_0000000002";

    private readonly TempMesh[] _files = [new TempMesh(), new TempMesh()];
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<WeftProcess> _proxies = [];
    private EchoUpstream _one = null!;
    private EchoUpstream _two = null!;

    private ZooKeeperMesh(ZooKeeperServer server) => Server = server;

    public ZooKeeperServer Server { get; }

    public IReadOnlyList<Load> Loads { get; private set; } = [];

    /// <summary>Everything is up, and all traffic goes to the member <c>one</c>.</summary>
    /// <param name="server">Not started yet; it becomes the mesh's own.</param>
    /// <param name="hold">How long mass withdrawals are held.</param>
    public static async Task<ZooKeeperMesh> Start(ZooKeeperServer server, string hold = "10m")
    {
        var mesh = new ZooKeeperMesh(server);
        try
        {
            await mesh.Begin(hold);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>The proxy that asks ZooKeeper itself says that it hears nothing of it, or that it does again.</summary>
    public Task IsMissed(bool isMissed = true) =>
        Eventually.Is(
            async () => (await _proxies[0].Problems()).Contains("/#/serversets", StringComparison.Ordinal) == isMissed,
            isMissed ? "the loss of ZooKeeper was told" : "ZooKeeper was heard again",
            TimeSpan.FromMinutes(1)
        );

    public Task IsHeld() =>
        Eventually.Is(
            async () => (await _proxies[0].Problems()).Contains("withdrawn at once", StringComparison.Ordinal),
            "that all members are gone is told, and not believed",
            TimeSpan.FromMinutes(1)
        );

    /// <summary>As many more requests are answered, and all by <c>one</c>.</summary>
    public async Task GoesOn(int requests = 200)
    {
        foreach (var load in Loads)
        {
            var before = load.Count;
            await load.Answers(requests);
            Assert.All(load.Outcomes.Skip(before), o => Assert.Equal("one", o.ServedBy));
        }
    }

    /// <summary>A member that joins is called, and one that leaves is called no more; nothing was lost on the way to there.</summary>
    public async Task FollowsChanges()
    {
        await Server.Join(Two, _two.Address);
        await Task.WhenAll(Loads.Select(l => Meets(l, "two")));
        await Server.Leave(One);
        await Task.WhenAll(Loads.Select(l => l.GoesTo("two")));
        foreach (var load in Loads)
            Assert.DoesNotContain(await load.StopWithoutFailure(), o => o.ServedBy == "file");
    }

    /// <summary>The member that was always there registers again, as it would when its session had been forgotten.</summary>
    public Task RegistersAgain() => Server.Join(One, _one.Address);

    public async ValueTask DisposeAsync()
    {
        _parts.Reverse();
        foreach (var part in _parts)
            await part.DisposeAsync();
        await Server.DisposeAsync();
        foreach (var files in _files)
            files.Dispose();
    }

    private async Task Begin(string hold)
    {
        await Server.Start();
        _one = await Upstream("one");
        _two = await Upstream("two");
        await RegistersAgain();
        var file = await Upstream("file");
        var documents = $$"""
            kind: Namer
            metadata: {name: serversets}
            spec: {kind: serversets, servers: ["{{Server.Address}}"], root: /discovery, sessionTimeout: 2s, holdMassRemoval: {{hold}}}
            """;
        const string dtab = "/host => /#/serversets/prod | /#/file ; /svc => /host ;";

        _files[0].Disco("books", file.Address);
        _files[0].Document("zookeeper.yaml", documents);
        _files[0].Dtab(dtab);
        await Proxy(_files[0]);

        var control = await ControlProcess.Start();
        _parts.Add(control);
        await control.Namer(_files[0]);
        await control.Apply(documents);
        await control.Dtab(dtab);
        _files[1]
            .RawConfig(
                $$"""
                admin: {{_files[1].Admin}}
                workers: 1
                control: {{control.Url}}
                listeners:
                  - {name: outbound, kind: outbound, address: "{{_files[1].Outbound}}", protocol: http1}
                """
            );
        await Proxy(_files[1]);
        foreach (var proxy in _proxies)
            await Eventually.Is(
                async () => (await proxy.Get("books")).ServedBy == "one",
                "books are found in ZooKeeper"
            );
        Loads = [.. _proxies.Select(p => Load.Start(p.Outbound, "books", connections: 2))];
        await GoesOn();
    }

    private async Task<EchoUpstream> Upstream(string name)
    {
        var upstream = await EchoUpstream.Start(name);
        _parts.Add(upstream);
        return upstream;
    }

    private async Task Proxy(TempMesh files)
    {
        var proxy = await WeftProcess.Start(files);
        _parts.Add(proxy);
        _proxies.Add(proxy);
    }

    private static async Task Meets(Load load, string name)
    {
        var before = load.Count;
        await Eventually.Is(
            () => load.Outcomes.Skip(before).Any(o => o.ServedBy == name),
            $"some load goes to {name}",
            TimeSpan.FromMinutes(1)
        );
    }
}
