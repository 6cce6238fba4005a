using System.Net;
using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>A real etcd with one member, which can be killed, started again, and started without what it knew.</summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _data = Directory.CreateTempSubdirectory("weft-etcd-").FullName;
    private readonly string _folder;
    private readonly NetworkNamespace? _network;
    private readonly Uri _peer;
    private readonly HttpClient _http;
    private ChildProcess? _process;

    /// <param name="network">Where it runs; null: on loopback.</param>
    /// <param name="folder">Where its memory lies; null: in a folder of its own.</param>
    public EtcdServer(NetworkNamespace? network = null, string? folder = null)
    {
        Tool.Require("etcd");
        (_network, _folder) = (network, folder ?? _data);
        var host = network?.Address ?? IPAddress.Loopback;
        Address = new Uri($"http://{host}:{FreePort.Next()}");
        _peer = new Uri($"http://{host}:{FreePort.Next()}");
        _http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public bool HasExited => _process?.HasExited ?? true;

    /// <summary>What it said, the last lines.</summary>
    public string Errors => _process?.Errors ?? "";

    /// <summary>Starts it with the memory of this name, which is empty the first time.</summary>
    public async Task Start(string memory)
    {
        string[] arguments =
        [
            "--name=one",
            $"--data-dir={Path.Combine(_folder, memory)}",
            $"--listen-client-urls={Address.GetLeftPart(UriPartial.Authority)}",
            $"--advertise-client-urls={Address.GetLeftPart(UriPartial.Authority)}",
            $"--listen-peer-urls={_peer.GetLeftPart(UriPartial.Authority)}",
            $"--initial-advertise-peer-urls={_peer.GetLeftPart(UriPartial.Authority)}",
            $"--initial-cluster=one={_peer.GetLeftPart(UriPartial.Authority)}",
        ];
        var program = Tool.Require("etcd");
        _process = _network?.Start(program, arguments) ?? ChildProcess.Start(program, arguments);
        await Eventually.Is(Answers, "etcd answers", Patience);
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task Kill()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    /// <summary>Registers an instance: the key is <c>service/instance</c>.</summary>
    public Task<string> Put(string key, string value) =>
        Ask("put", $$"""{"key":"{{Key(key)}}","value":"{{Base64(value)}}"}""");

    public Task<string> Delete(string key) => Ask("deleterange", $$"""{"key":"{{Key(key)}}"}""");

    /// <summary>Any operation on keys, as JSON.</summary>
    public async Task<string> Ask(string operation, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PostAsync(new Uri($"/v3/kv/{operation}", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The key of an instance as etcd's JSON has it.</summary>
    public static string Key(string key) => Base64("/weft/services/" + key);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> Answers()
    {
        Assert.False(HasExited, Errors);
        try
        {
            await Ask("range", $$"""{"key":"{{Key("x")}}"}""");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
