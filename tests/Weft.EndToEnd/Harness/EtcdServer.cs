using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>A real etcd with one member, which can be killed, started again, and started without what it knew.</summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _data = Directory.CreateTempSubdirectory("weft-etcd-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly int _peerPort = FreePort.Next();
    private readonly HttpClient _http;
    private ChildProcess? _process;

    public EtcdServer()
    {
        Tool.Require("etcd");
        Address = new Uri($"http://127.0.0.1:{_port}");
        _http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>Starts it with the memory of this name, which is empty the first time.</summary>
    public async Task Start(string memory)
    {
        var peer = $"http://127.0.0.1:{_peerPort}";
        _process = ChildProcess.Start(
            Tool.Require("etcd"),
            "--name=one",
            $"--data-dir={Path.Combine(_data, memory)}",
            $"--listen-client-urls=http://127.0.0.1:{_port}",
            $"--advertise-client-urls=http://127.0.0.1:{_port}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=one={peer}"
        );
        await Eventually.Is(Answers, "etcd answers", Patience);
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task Kill()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    public void Freeze() => _process!.Signal(19);

    public void Thaw() => _process!.Signal(18);

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
        Assert.False(_process!.HasExited, _process.Errors);
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
