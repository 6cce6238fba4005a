using System.Net.Sockets;
using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The server-sets namer and a real ZooKeeper, which is killed, frozen, and comes back.</summary>
public sealed class ZooKeeperTests : IAsyncDisposable
{
    private const string Web = "/#/zk/prod/web";
    private const int Freeze = 19;
    private const int Thaw = 18;

    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly IDiscoveryNamer _namer;
    private ChildProcess? _server;

    public ZooKeeperTests()
    {
        var options = new ServerSetsOptions
        {
            Servers = [("127.0.0.1", _port)],
            Root = "/discovery",
            SessionTimeout = TimeSpan.FromSeconds(3),
        };
        _namer = ServerSetsNamer.Create(Naming.Path.Parse("/#/zk"), options, TimeProvider.System, new Random(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StartAsync(string data)
    {
        var script = Tool.Require("zkServer.sh");
        Directory.CreateDirectory(_folder.At(data));
        var configuration = _folder.Write(
            $"{data}.cfg",
            $"""
            tickTime=500
            dataDir={_folder.At(data)}
            clientPort={_port}
            clientPortAddress=127.0.0.1
            admin.enableServer=false
            """
        );
        _server = ChildProcess.Start(script, "start-foreground", configuration);
        await Eventually.Is(Accepts, $"ZooKeeper listens: {_server.Errors}", Long);
    }

    private async Task<bool> Accepts()
    {
        Assert.False(_server!.HasExited, _server.Errors + _server.Output);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private Task Join(string member, int port) =>
        ZooKeeperWriter.SetAsync(
            _port,
            $"/discovery/prod/web/{member}",
            $$"""{"serviceEndpoint": {"host": "127.0.0.1", "port": {{port}}}, "additionalEndpoints": {}, "status": "ALIVE"}"""
        );

    private Task Comes(string endpoints) =>
        Eventually.Is(() => _namer.Ends(Web) == endpoints, $"{Web} is {endpoints}, not {_namer.Ends(Web)}", Long);

    private Task IsStale(bool stale) =>
        Eventually.Is(
            () => _namer.StaleFor(Naming.Path.Parse(Web)) is not null == stale,
            stale ? "the loss is told" : "all is well again",
            Long
        );

    [Fact]
    public async Task A_server_set_is_followed_through_kills_freezes_and_an_empty_restart()
    {
        Tool.Require("zkServer.sh");
        await Eventually.Is(
            () => _namer.Ends(Web) == "failed: /#/zk: it cannot be reached: ConnectionRefused",
            "the absence of ZooKeeper is told"
        );
        await StartAsync("data");
        await Comes("~");
        await Join("member_0000000001", 8001);
        await Comes("127.0.0.1:8001");
        await Join("member_0000000002", 8002);
        await Comes("127.0.0.1:8001 127.0.0.1:8002");
        await ZooKeeperWriter.DeleteAsync(_port, "/discovery/prod/web/member_0000000001");
        await Comes("127.0.0.1:8002");

        await StopAsync();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002", _namer.Ends(Web));
        await StartAsync("data");
        await IsStale(false);
        await Join("member_0000000003", 8003);
        await Comes("127.0.0.1:8002 127.0.0.1:8003");

        _server!.Signal(Freeze);
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002 127.0.0.1:8003", _namer.Ends(Web));
        _server.Signal(Thaw);
        await IsStale(false);

        await StopAsync();
        await StartAsync("empty");
        await Comes("~");
        await Join("member_0000000001", 8004);
        await Comes("127.0.0.1:8004");
    }
}
