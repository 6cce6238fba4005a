using System.Net;

namespace Weft.EndToEnd.Harness;

/// <summary>A real agent of Consul, alone, which can be killed, started again, and started without what it knew.</summary>
internal sealed class ConsulServer : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _data = Directory.CreateTempSubdirectory("weft-consul-").FullName;
    private readonly string _folder;
    private readonly NetworkNamespace? _network;
    private readonly int _port;
    private readonly int[] _others = [FreePort.Next(), FreePort.Next()];
    private readonly HttpClient _http;
    private ChildProcess? _process;

    /// <param name="network">Where it runs; null: on loopback.</param>
    /// <param name="folder">Where its memory lies; null: in a folder of its own.</param>
    /// <param name="port">Where it answers; null: a free one.</param>
    public ConsulServer(NetworkNamespace? network = null, string? folder = null, int? port = null)
    {
        Tool.Require("consul");
        (_network, _folder, _port) = (network, folder ?? _data, port ?? FreePort.Next());
        Address = new Uri($"http://{Host}:{_port}");
        _http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public bool HasExited => _process?.HasExited ?? true;

    /// <summary>What it said, the last lines.</summary>
    public string Output => _process?.Output ?? "";

    private IPAddress Host => _network?.Address ?? IPAddress.Loopback;

    /// <summary>Starts it with the memory of this name, which is empty the first time.</summary>
    public Task Start(string memory) =>
        Run(
            "-server",
            "-bootstrap-expect=1",
            "-disable-host-node-id",
            "-node=one",
            // A leader within a second, and not within ten.
            "-hcl=performance { raft_multiplier = 1 }",
            $"-data-dir={Path.Combine(_folder, memory)}"
        );

    /// <summary>Starts it as people do who try it out: it keeps nothing.</summary>
    public Task StartDev() => Run("-dev", "-node=one");

    /// <summary>Ends it without a warning.</summary>
    public async Task Kill()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    /// <summary>Registers an instance, or replaces the one of this id.</summary>
    public Task Register(string service, string id, IPEndPoint address) =>
        Put(
            "/v1/agent/service/register",
            $$"""{"ID": "{{id}}", "Name": "{{service}}", "Address": "{{address.Address}}", "Port": {{address.Port}}}"""
        );

    public Task Deregister(string id) => Put($"/v1/agent/service/deregister/{id}");

    /// <summary>Any change; one that is refused fails the test.</summary>
    public async Task Put(string path, string body = "") => Assert.Null(await Refusal(path, body));

    /// <summary>Why it refuses a change; null when it does not.</summary>
    public async Task<string?> Refusal(string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PutAsync(new Uri(path, UriKind.Relative), content);
        return response.IsSuccessStatusCode
            ? null
            : $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task Run(params string[] how)
    {
        string[] arguments =
        [
            "agent",
            .. how,
            $"-bind={Host}",
            $"-client={Host}",
            $"-http-port={_port}",
            $"-server-port={_others[0]}",
            $"-serf-lan-port={_others[1]}",
            "-serf-wan-port=-1",
            "-dns-port=-1",
            "-grpc-port=-1",
        ];
        var program = Tool.Require("consul");
        _process = _network?.Start(program, arguments) ?? ChildProcess.Start(program, arguments);
        await Eventually.Is(HasLeader, "Consul has a leader", Patience);
    }

    private async Task<bool> HasLeader()
    {
        Assert.False(HasExited, Output);
        try
        {
            // The node itself is in the catalogue once there is somebody to write it there.
            var nodes = await _http.GetStringAsync(new Uri("/v1/catalog/nodes", UriKind.Relative));
            return nodes.Contains("\"one\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
