using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The etcd namer and a real etcd, which is killed, frozen, compacted, and comes back empty.</summary>
public sealed class EtcdTests : IAsyncDisposable
{
    private const string Web = "/#/etcd/web";

    /// <summary>Everything is slow on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly EtcdServer _server = new();
    private readonly IDiscoveryNamer _namer;

    public EtcdTests()
    {
        _namer = Create();
        _namer.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await _server.DisposeAsync();
    }

    private IDiscoveryNamer Create() =>
        EtcdNamer.Create(
            Naming.Path.Parse("/#/etcd"),
            new EtcdNamerOptions
            {
                Members = [new BackendHttpOptions { Address = _server.Address }],
                Probe = TimeSpan.FromSeconds(1),
                Watching = new WatchOptions { Timeout = TimeSpan.FromSeconds(3) },
            },
            TimeProvider.System,
            new Random(1)
        );

    private Task Comes(string path, string endpoints) =>
        Eventually.Is(() => _namer.Ends(path) == endpoints, $"{path} is {endpoints}, not {_namer.Ends(path)}", Long);

    private Task IsStale(bool stale) =>
        Eventually.Is(() => _namer.Problems.Count > 0 == stale, stale ? "the loss is told" : "all is well again", Long);

    [Fact]
    public async Task Services_are_followed_through_kills_freezes_compaction_and_an_empty_restart()
    {
        await Comes(Web, "failed: /#/etcd: it cannot be reached: ConnectionRefused");
        await _server.Start("memory");
        await Comes(Web, "~");
        await _server.Put("web/a", "127.0.0.1 8001");
        await _server.Put("web/b", """{"address":"127.0.0.1","port":8002,"weight":2}""");
        await Comes(Web, "127.0.0.1:8001 127.0.0.1:8002*2");
        await _server.Delete("web/a");
        await Comes(Web, "127.0.0.1:8002*2");

        await _server.Kill();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002*2", _namer.Ends(Web));
        await _server.Start("memory");
        await IsStale(false);
        for (var i = 0; i < 20; i++)
        {
            await _server.Put("web/a", $"127.0.0.1 81{i:00}");
        }
        await Comes(Web, "127.0.0.1:8002*2 127.0.0.1:8119");

        _server.Freeze();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002*2 127.0.0.1:8119", _namer.Ends(Web));
        _server.Thaw();
        await _server.Put("web/c", "127.0.0.1 8003");
        await _server.Ask("compaction", """{"revision":"24"}""");
        await IsStale(false);
        await Comes(Web, "127.0.0.1:8002*2 127.0.0.1:8003 127.0.0.1:8119");

        await _server.Kill();
        await _server.Start("nothing");
        await Comes(Web, "~");
        await _server.Put("web/d", "127.0.0.1 8004");
        await Comes(Web, "127.0.0.1:8004");
    }

    [Fact]
    public async Task Thousands_of_services_come_page_by_page()
    {
        await _server.Start("memory");
        for (var batch = 0; batch < 25; batch++)
        {
            var puts = Enumerable.Range(batch * 100, 100).Select(PutOf);
            await _server.Ask("txn", $$"""{"success":[{{string.Join(",", puts)}}]}""");
        }
        await Comes("/#/etcd/s2499", "10.0.9.249:80");
        await using var other = Create();
        await Eventually.Is(() => other.Ends("/#/etcd/s2499") == "10.0.9.249:80", "all pages are read", Long);
        Assert.Equal("10.0.0.0:80", other.Ends("/#/etcd/s0"));

        static string PutOf(int i)
        {
            var value = EtcdServer.Base64($"10.0.{i / 250}.{i % 250} 80");
            return $$"""{"request_put":{"key":"{{EtcdServer.Key($"s{i}/a")}}","value":"{{value}}"} }""";
        }
    }
}
