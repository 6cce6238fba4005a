using System.Text;
using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The etcd namer and a real etcd, which is killed, frozen, compacted, and comes back empty.</summary>
public sealed class EtcdTests : IAsyncDisposable
{
    private const string Web = "/#/etcd/web";
    private const int Freeze = 19;
    private const int Thaw = 18;

    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly int _peerPort = FreePort.Next();
    private readonly HttpClient _http;
    private readonly IDiscoveryNamer _namer;
    private ChildProcess? _server;

    public EtcdTests()
    {
        var address = new Uri($"http://127.0.0.1:{_port}");
        _http = new HttpClient { BaseAddress = address };
        var options = new EtcdNamerOptions
        {
            Members = [new BackendHttpOptions { Address = address }],
            Probe = TimeSpan.FromSeconds(1),
            Watching = new WatchOptions { Timeout = TimeSpan.FromSeconds(3) },
        };
        _namer = EtcdNamer.Create(Naming.Path.Parse("/#/etcd"), options, TimeProvider.System, new Random(1));
        _namer.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await StopAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(string data)
    {
        var peer = $"http://127.0.0.1:{_peerPort}";
        _server = ChildProcess.Start(
            Tool.Require("etcd"),
            "--name=one",
            $"--data-dir={_folder.At(data)}",
            $"--listen-client-urls=http://127.0.0.1:{_port}",
            $"--advertise-client-urls=http://127.0.0.1:{_port}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=one={peer}"
        );
        await Eventually.Is(Answers, $"etcd answers: {_server.Errors}", Long);
    }

    private async Task<bool> Answers()
    {
        Assert.False(_server!.HasExited, _server.Errors);
        try
        {
            await Post("range", $$"""{"key":"{{Base64("x")}}"}""");
            return true;
        }
        catch (HttpRequestException)
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

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<string> Post(string operation, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PostAsync($"/v3/kv/{operation}", content);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private Task<string> Put(string key, string value) =>
        Post("put", $$"""{"key":"{{Base64("/weft/services/" + key)}}","value":"{{Base64(value)}}"}""");

    private Task<string> Delete(string key) =>
        Post("deleterange", $$"""{"key":"{{Base64("/weft/services/" + key)}}"}""");

    private Task Comes(string path, string endpoints) =>
        Eventually.Is(() => _namer.Ends(path) == endpoints, $"{path} is {endpoints}, not {_namer.Ends(path)}", Long);

    private Task IsStale(bool stale) =>
        Eventually.Is(() => _namer.Problems.Count > 0 == stale, stale ? "the loss is told" : "all is well again", Long);

    [Fact]
    public async Task Services_are_followed_through_kills_freezes_compaction_and_an_empty_restart()
    {
        Tool.Require("etcd");
        await Comes(Web, "failed: /#/etcd: it cannot be reached: ConnectionRefused");
        await StartAsync("data");
        await Comes(Web, "~");
        await Put("web/a", "127.0.0.1 8001");
        await Put("web/b", """{"address":"127.0.0.1","port":8002,"weight":2}""");
        await Comes(Web, "127.0.0.1:8001 127.0.0.1:8002*2");
        await Delete("web/a");
        await Comes(Web, "127.0.0.1:8002*2");

        await StopAsync();
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002*2", _namer.Ends(Web));
        await StartAsync("data");
        await IsStale(false);
        for (var i = 0; i < 20; i++)
        {
            await Put("web/a", $"127.0.0.1 81{i:00}");
        }
        await Comes(Web, "127.0.0.1:8002*2 127.0.0.1:8119");

        _server!.Signal(Freeze);
        await IsStale(true);
        Assert.Equal("127.0.0.1:8002*2 127.0.0.1:8119", _namer.Ends(Web));
        _server.Signal(Thaw);
        await Put("web/c", "127.0.0.1 8003");
        await Post("compaction", """{"revision":"24"}""");
        await IsStale(false);
        await Comes(Web, "127.0.0.1:8002*2 127.0.0.1:8003 127.0.0.1:8119");

        await StopAsync();
        await StartAsync("empty");
        await Comes(Web, "~");
        await Put("web/d", "127.0.0.1 8004");
        await Comes(Web, "127.0.0.1:8004");
    }

    [Fact]
    public async Task Thousands_of_services_come_page_by_page()
    {
        Tool.Require("etcd");
        await StartAsync("data");
        for (var batch = 0; batch < 25; batch++)
        {
            var puts = Enumerable
                .Range(batch * 100, 100)
                .Select(i =>
                    $$$"""{"request_put":{"key":"{{{Base64($"/weft/services/s{i}/a")}}}","value":"{{{Base64($"10.0.{i / 250}.{i % 250} 80")}}}"} }"""
                );
            await Post("txn", $$"""{"success":[{{string.Join(",", puts)}}]}""");
        }
        await Comes("/#/etcd/s2499", "10.0.9.249:80");
        await using var other = EtcdNamer.Create(
            Naming.Path.Parse("/#/etcd"),
            new EtcdNamerOptions { Members = [new BackendHttpOptions { Address = _http.BaseAddress! }] },
            TimeProvider.System,
            new Random(1)
        );
        await Eventually.Is(() => other.Ends("/#/etcd/s2499") == "10.0.9.249:80", "all pages are read", Long);
        Assert.Equal("10.0.0.0:80", other.Ends("/#/etcd/s0"));
    }
}
