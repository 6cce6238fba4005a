using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>A real ZooKeeper of one server, which can be killed, frozen, started again, and started without what it knew.</summary>
internal sealed class ZooKeeperServer : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-zookeeper-").FullName;
    private readonly string _data;
    private readonly NetworkNamespace? _network;
    private ChildProcess? _process;

    /// <param name="network">Where it runs; null: on loopback.</param>
    /// <param name="address">Where it listens; null: at a free port.</param>
    /// <param name="folder">Where its memory lies; null: in a folder of its own.</param>
    public ZooKeeperServer(NetworkNamespace? network = null, IPEndPoint? address = null, string? folder = null)
    {
        Tool.Require("zkServer.sh");
        Address = address ?? new IPEndPoint(network?.Address ?? IPAddress.Loopback, FreePort.Next());
        (_network, _data) = (network, folder ?? _folder);
    }

    public IPEndPoint Address { get; }

    /// <summary>Starts it with the memory of this name, which is empty the first time.</summary>
    public async Task Start(string memory = "data")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data, memory)).FullName;
        var configuration = Path.Combine(_folder, $"{memory}.cfg");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            tickTime=500
            dataDir={folder}
            clientPort={Address.Port}
            clientPortAddress={Address.Address}
            admin.enableServer=false
            preAllocSize=64
            """
        );
        var script = Tool.Require("zkServer.sh");
        string[] arguments = ["start-foreground", configuration];
        _process = _network?.Start(script, arguments) ?? ChildProcess.Start(script, arguments);
        await Eventually.Is(Answers, $"ZooKeeper answers: {_process.Errors}", Patience);
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task Kill()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    /// <summary>Registers a member of a server set, until it is deleted.</summary>
    /// <param name="path">Of its node, whose name begins with <c>member_</c>.</param>
    /// <param name="endpoint">What it serves.</param>
    public Task Join(string path, IPEndPoint endpoint) => ZooKeeperWriter.Set(Address, path, Member(endpoint));

    public Task Leave(string path) => ZooKeeperWriter.Delete(Address, path);

    /// <summary>Writes until it ends over that, as it does when its disk is full.</summary>
    public async Task WriteUntilItEnds()
    {
        var nodes = 0;
        await Eventually.Is(
            async () =>
            {
                try
                {
                    await ZooKeeperWriter.Set(Address, $"/ballast/{nodes++}", new string('x', 100_000));
                }
                catch (Exception e) when (e is IOException or SocketException or TimeoutException)
                {
                    // The write that it ends over is not answered, and those after it meet nobody.
                }
                return _process!.HasExited;
            },
            "ZooKeeper ended over a full disk",
            Patience
        );
    }

    /// <summary>What a member writes into its node.</summary>
    public static string Member(IPEndPoint endpoint) =>
        $$"""{"serviceEndpoint": {"host": "{{endpoint.Address}}", "port": {{endpoint.Port}}}, "additionalEndpoints": {}, "status": "ALIVE"}""";

    public async ValueTask DisposeAsync()
    {
        await Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<bool> Answers()
    {
        Assert.False(_process!.HasExited, _process.Errors + _process.Output);
        return ZooKeeperWriter.IsAnswered(Address);
    }
}
