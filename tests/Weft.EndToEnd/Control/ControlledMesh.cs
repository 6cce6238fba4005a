using System.Net;
using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>
/// A control plane with a file namer, two services <c>books-v1</c> (answered by <c>one</c>) and <c>books-v2</c> (by <c>two</c>),
/// a dtab that leads <c>/svc/books</c> to the first, and two proxies that keep snapshots. Services may be found elsewhere than in files.
/// </summary>
internal sealed class ControlledMesh : IAsyncDisposable
{
    public const string ToOne = $"{TempMesh.DefaultDtab} /svc/books => /host/books-v1 ;";
    public const string ToTwo = $"{TempMesh.DefaultDtab} /svc/books => /host/books-v2 ;";

    private readonly TempMesh[] _files = [new TempMesh(), new TempMesh()];
    private readonly TempFolder _snapshots = new();
    private readonly WeftProcess?[] _proxies = new WeftProcess?[2];
    private EchoUpstream _one = null!;
    private EchoUpstream _two = null!;

    private ControlledMesh() { }

    public ControlProcess Control { get; private set; } = null!;

    public IReadOnlyList<WeftProcess> Proxies => [.. _proxies.OfType<WeftProcess>()];

    public IPEndPoint One => _one.Address;

    public IPEndPoint Two => _two.Address;

    /// <param name="control">The control plane, which becomes the mesh's own; null: one on loopback.</param>
    /// <param name="fill">Has services registered and applies what leads to them; null: files, and <see cref="ToOne"/>.</param>
    public static async Task<ControlledMesh> Start(
        ControlProcess? control = null,
        Func<ControlledMesh, Task>? fill = null
    )
    {
        var mesh = new ControlledMesh
        {
            Control = control ?? await ControlProcess.Start(),
            _one = await EchoUpstream.Start("one"),
            _two = await EchoUpstream.Start("two"),
        };
        mesh._files[0].Disco("books-v1", mesh.One);
        mesh._files[0].Disco("books-v2", mesh.Two);
        await (fill?.Invoke(mesh) ?? mesh.Fill());
        await mesh.StartProxy(0);
        await mesh.StartProxy(1);
        return mesh;
    }

    /// <summary>Applies everything to the control plane.</summary>
    public async Task Fill()
    {
        await Control.Namer(_files[0]);
        await Control.Dtab(ToOne);
    }

    public async Task<WeftProcess> StartProxy(int index)
    {
        var files = _files[index];
        files.RawConfig(
            $$"""
            admin: {{files.Admin}}
            workers: 1
            control: {{Control.ForProxies}}
            snapshot: {{SnapshotFolder(index)}}
            listeners:
              - {name: outbound, kind: outbound, address: "{{files.Outbound}}", protocol: http1}
            """
        );
        if (_proxies[index] is { } before)
        {
            await before.DisposeAsync();
        }

        return _proxies[index] = await WeftProcess.Start(files);
    }

    /// <summary>Whether the snapshot of a proxy was written since.</summary>
    public bool HasSavedSince(int index, DateTime time) =>
        Directory.Exists(SnapshotFolder(index))
        && Directory.GetFiles(SnapshotFolder(index), "*.snapshot").Any(f => File.GetLastWriteTimeUtc(f) > time);

    /// <summary>Where a proxy's admin server listens.</summary>
    public IPEndPoint Admin(int index) => _files[index].Admin;

    private string SnapshotFolder(int index) => _snapshots.In($"{index}");

    /// <summary>Constant traffic at both proxies.</summary>
    public Load[] StartLoad(int connections = 2) =>
        [.. Proxies.Select(p => Load.Start(p.Outbound, "books", connections: connections))];

    /// <summary>What a proxy says of its control plane.</summary>
    public static async Task<JsonElement> ControlOf(WeftProcess proxy)
    {
        using var config = await proxy.AdminJson("/config");
        return config.RootElement.GetProperty("control").Clone();
    }

    public static Task IsConnected(WeftProcess proxy, bool isConnected = true) =>
        Eventually.Is(
            async () => (await ControlOf(proxy)).GetProperty("connected").GetBoolean() == isConnected,
            $"the proxy said connected: {isConnected}",
            TimeSpan.FromSeconds(45)
        );

    /// <summary>The same of all proxies.</summary>
    public Task AreConnected(bool areConnected = true) =>
        Task.WhenAll(Proxies.Select(p => IsConnected(p, areConnected)));

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in Proxies)
        {
            await proxy.DisposeAsync();
        }

        await Control.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        foreach (var files in _files)
        {
            files.Dispose();
        }

        _snapshots.Dispose();
    }
}
