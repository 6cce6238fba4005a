using System.Net;
using Weft.Control;
using Weft.Telemetry;

namespace Weft.Cli.Tests.Support;

/// <summary>A control plane of this process whose clock stands still, so that what it tells is always the same.</summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Log _log = new(TextWriter.Null, TimeProvider.System);
    private EmbeddedStore _store = null!;
    private ControlServer _server = null!;

    private ControlPlane() { }

    public string Address => _server.Address.Authority;

    /// <summary>Begins to serve.</summary>
    /// <param name="certificate">PEM files of a certificate and its key, to speak TLS; null for plain HTTP.</param>
    public static async Task<ControlPlane> StartAsync((string Cert, string Key)? certificate = null)
    {
        var plane = new ControlPlane();
        plane._store = EmbeddedStore.Open(plane._folder.Root, new VirtualTime(Start));
        var options = new ControlOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = plane._folder.Root,
            TlsCert = certificate?.Cert,
            TlsKey = certificate?.Key,
        };
        plane._server = await ControlServer.StartAsync(
            options,
            plane._store,
            TimeProvider.System,
            new Random(1),
            plane._log
        );
        return plane;
    }

    /// <summary>Runs a verb against this control plane.</summary>
    public Task<CliResult> Run(params string[] args) => new Cli { Control = Address }.RunAsync(args);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }
}
