using System.Net;
using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The server-sets namer and a real ZooKeeper, which is killed, frozen, and comes back.</summary>
public sealed class ZooKeeperTests : IAsyncDisposable
{
    private const string Web = "/#/zk/prod/web";

    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly ZooKeeperServer _server = new();
    private readonly IDiscoveryNamer _namer;

    public ZooKeeperTests()
    {
        var options = new ServerSetsOptions
        {
            Servers = [("127.0.0.1", _server.Address.Port)],
            Root = "/discovery",
            SessionTimeout = TimeSpan.FromSeconds(3),
        };
        _namer = ServerSetsNamer.Create(Naming.Path.Parse("/#/zk"), options, TimeProvider.System, new Random(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static string Node(string member) => $"/discovery/prod/web/{member}";

    private Task Join(string member, int port) => _server.Join(Node(member), new IPEndPoint(IPAddress.Loopback, port));

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
        await Eventually.Is(
            () => _namer.Ends(Web) == "failed: /#/zk: it cannot be reached: ConnectionRefused",
            "the absence of ZooKeeper is told"
        );
        await _server.Start("data");
        await Comes("~");
        await Join("member_0000000001", 8001);
        await Comes("127.0.0.1:8001");
        await Join("member_0000000002", 8002);
        await Comes("127.0.0.1:8001 127.0.0.1:8002");
        await _server.Leave(Node("member_0000000001"));
        await Comes("127.0.0.1:8002");

        await _server.Kill();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002", _namer.Ends(Web));
        await _server.Start("data");
        await IsStale(false);
        await Join("member_0000000003", 8003);
        await Comes("127.0.0.1:8002 127.0.0.1:8003");

        _server.Freeze();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002 127.0.0.1:8003", _namer.Ends(Web));
        _server.Thaw();
        await IsStale(false);

        await _server.Kill();
        await _server.Start("empty");
        await Comes("~");
        await Join("member_0000000001", 8004);
        await Comes("127.0.0.1:8004");
    }
}
