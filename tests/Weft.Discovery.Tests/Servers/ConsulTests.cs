using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The Consul namer and a real agent, which is killed, comes back, and comes back without its memory.</summary>
public sealed class ConsulTests : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly int[] _others = [FreePort.Next(), FreePort.Next()];
    private readonly HttpClient _http;
    private readonly IDiscoveryNamer _namer;
    private ChildProcess? _agent;

    public ConsulTests()
    {
        var address = new Uri($"http://127.0.0.1:{_port}");
        _http = new HttpClient { BaseAddress = address };
        var options = new ConsulNamerOptions { Http = new BackendHttpOptions { Address = address } };
        _namer = ConsulNamer.Create(Naming.Path.Parse("/#/consul"), options, TimeProvider.System, new Random(1));
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
        _folder.Write(
            "consul.json",
            $$"""{"ports": {"http": {{_port}}, "dns": -1, "server": {{_others[0]}}, "serf_lan": {{_others[1]}}, "serf_wan": -1, "grpc": -1} }"""
        );
        _agent = ChildProcess.Start(
            Tool.Require("consul"),
            "agent",
            "-server",
            "-bootstrap-expect=1",
            "-bind=127.0.0.1",
            "-disable-host-node-id",
            "-node=one",
            $"-data-dir={_folder.At(data)}",
            $"-config-file={_folder.At("consul.json")}"
        );
        await Eventually.Is(
            async () =>
            {
                try
                {
                    return (await _http.GetStringAsync("/v1/catalog/nodes")).Contains("one", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"Consul has a leader: {_agent.Output}",
            Long
        );
    }

    private async Task StopAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
    }

    private async Task Register(string id, int port, params string[] tags)
    {
        var service = $$"""
            {"ID": "{{id}}", "Name": "web", "Address": "127.0.0.1", "Port": {{port}}, "Meta": {"weight": "2"},
             "Tags": [{{string.Join(",", tags.Select(t => $"\"{t}\""))}}],
             "Check": {"CheckID": "{{id}}", "TTL": "1h", "Status": "passing"} }
            """;
        await Put("/v1/agent/service/register", service);
    }

    private async Task Put(string path, string body = "")
    {
        using var content = new StringContent(body);
        using var response = await _http.PutAsync(path, content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task Comes(string path, string endpoints) =>
        Eventually.Is(() => _namer.Ends(path) == endpoints, $"{path} is {endpoints}", Long);

    [Fact]
    public async Task A_service_is_followed_through_health_restarts_and_loss_of_memory()
    {
        Tool.Require("consul");
        const string Web = "/#/consul/dc1/web";
        await Eventually.Is(
            () => _namer.Ends(Web).StartsWith("failed: /#/consul: it cannot be reached", StringComparison.Ordinal),
            "the absence of Consul is told"
        );

        await StartAsync("data");
        await Comes(Web, "~");
        await Register("a", 8001);
        await Register("b", 8002, "v2");
        await Comes(Web, "127.0.0.1:8001*2 127.0.0.1:8002*2");
        await Put("/v1/agent/check/fail/a");
        await Comes(Web, "127.0.0.1:8002*2");
        await Put("/v1/agent/check/pass/a");
        await Put("/v1/agent/service/maintenance/b?enable=true");
        await Comes(Web, "127.0.0.1:8001*2");
        await Comes(
            "/#/consul/dc9/web",
            "failed: /#/consul: it answered 500 InternalServerError: No path to datacenter"
        );

        await StopAsync();
        await Eventually.Is(() => _namer.StaleFor(Naming.Path.Parse(Web)) is not null, "the loss of Consul is told");
        Assert.Equal("127.0.0.1:8001*2", _namer.Ends(Web));

        await StartAsync("data");
        await Eventually.Is(() => _namer.StaleFor(Naming.Path.Parse(Web)) is null, "Consul is back", Long);
        await Put("/v1/agent/service/maintenance/b?enable=false");
        await Put("/v1/agent/check/pass/a");
        await Put("/v1/agent/check/pass/b");
        await Comes(Web, "127.0.0.1:8001*2 127.0.0.1:8002*2");

        await StopAsync();
        await StartAsync("empty");
        await Comes(Web, "~");
        await Register("c", 8003);
        await Comes(Web, "127.0.0.1:8003*2");
    }
}
