using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>A real ZooKeeper of one server, which can be killed, frozen, started again, and started without what it knew.</summary>
internal sealed class ZooKeeperServer : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-zookeeper-").FullName;
    private readonly string _data;
    private readonly Func<string, IEnumerable<string>, ChildProcess> _start;
    private ChildProcess? _process;

    /// <summary>One that is not started.</summary>
    /// <param name="address">Where it will listen; a free port of loopback when not given.</param>
    /// <param name="data">The folder of its memories; one of its own when not given.</param>
    /// <param name="start">What starts a program with its arguments; <see cref="ChildProcess.Start"/> when not given.</param>
    public ZooKeeperServer(
        IPEndPoint? address = null,
        string? data = null,
        Func<string, IEnumerable<string>, ChildProcess>? start = null
    )
    {
        Tool.Require("zkServer.sh");
        Address = address ?? FreePort.NextOnLoopback();
        _data = data ?? _folder;
        _start = start ?? ChildProcess.Start;
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
        _process = _start(Tool.Require("zkServer.sh"), ["start-foreground", configuration]);
        await Eventually.Is(Answers, $"ZooKeeper answers: {_process.Errors}", Patience);
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task Kill()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    public void Freeze() => _process!.Signal(Stop);

    public void Thaw() => _process!.Signal(Continue);

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
