using System.Net;
using System.Text.Json;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control;

/// <summary>
/// A control plane with a file namer, two services <c>books-v1</c> (answered by <c>one</c>) and <c>books-v2</c> (by <c>two</c>),
/// a dtab that leads <c>/svc/books</c> to the first, and two proxies that keep snapshots.
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

    public static async Task<ControlledMesh> Start()
    {
        var mesh = new ControlledMesh
        {
            _one = await EchoUpstream.Start("one"),
            _two = await EchoUpstream.Start("two"),
            Control = await ControlProcess.Start(),
        };
        mesh._files[0].Disco("books-v1", mesh._one.Address);
        mesh._files[0].Disco("books-v2", mesh._two.Address);
        await mesh.Fill();
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
            control: {{Control.Url}}
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
    public Load[] StartLoad() => [.. Proxies.Select(p => Load.Start(p.Outbound, "books", connections: 2))];

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
