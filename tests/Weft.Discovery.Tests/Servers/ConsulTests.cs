using Weft.EndToEnd.Harness;

namespace Weft.Discovery.Tests.Servers;

/// <summary>The Consul namer and a real agent, which is killed, comes back, and comes back without its memory.</summary>
public sealed class ConsulTests : IAsyncDisposable
{
    /// <summary>Servers are slow to start on a machine that is busy.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private readonly ConsulServer _agent = new();
    private readonly IDiscoveryNamer _namer;

    public ConsulTests()
    {
        var options = new ConsulNamerOptions { Http = new BackendHttpOptions { Address = _agent.Address } };
        _namer = ConsulNamer.Create(Naming.Path.Parse("/#/consul"), options, TimeProvider.System, new Random(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _namer.DisposeAsync();
        await _agent.DisposeAsync();
    }

    private Task Register(string id, int port, params string[] tags)
    {
        var service = $$"""
            {"ID": "{{id}}", "Name": "web", "Address": "127.0.0.1", "Port": {{port}}, "Meta": {"weight": "2"},
             "Tags": [{{string.Join(",", tags.Select(t => $"\"{t}\""))}}],
             "Check": {"CheckID": "{{id}}", "TTL": "1h", "Status": "passing"} }
            """;
        return _agent.Put("/v1/agent/service/register", service);
    }

    private Task Comes(string path, string endpoints) =>
        Eventually.Is(() => _namer.Ends(path) == endpoints, $"{path} is {endpoints}", Long);

    [Fact]
    public async Task A_service_is_followed_through_health_restarts_and_loss_of_memory()
    {
        const string Web = "/#/consul/dc1/web";
        await Eventually.Is(
            () => _namer.Ends(Web).StartsWith("failed: /#/consul: it cannot be reached", StringComparison.Ordinal),
            "the absence of Consul is told"
        );

        await _agent.Start("data");
        await Comes(Web, "~");
        await Register("a", 8001);
        await Register("b", 8002, "v2");
        await Comes(Web, "127.0.0.1:8001*2 127.0.0.1:8002*2");
        await _agent.Put("/v1/agent/check/fail/a");
        await Comes(Web, "127.0.0.1:8002*2");
        await _agent.Put("/v1/agent/check/pass/a");
        await _agent.Put("/v1/agent/service/maintenance/b?enable=true");
        await Comes(Web, "127.0.0.1:8001*2");
        await Comes(
            "/#/consul/dc9/web",
            "failed: /#/consul: it answered 500 InternalServerError: No path to datacenter"
        );

        await _agent.Kill();
        await Eventually.Is(() => _namer.StaleFor(Naming.Path.Parse(Web)) is not null, "the loss of Consul is told");
        Assert.Equal("127.0.0.1:8001*2", _namer.Ends(Web));

        await _agent.Start("data");
        await Eventually.Is(() => _namer.StaleFor(Naming.Path.Parse(Web)) is null, "Consul is back", Long);
        await _agent.Put("/v1/agent/service/maintenance/b?enable=false");
        await _agent.Put("/v1/agent/check/pass/a");
        await _agent.Put("/v1/agent/check/pass/b");
        await Comes(Web, "127.0.0.1:8001*2 127.0.0.1:8002*2");

        await _agent.Kill();
        await _agent.Start("empty");
        await Comes(Web, "~");
        await Register("c", 8003);
        await Comes(Web, "127.0.0.1:8003*2");
    }
}
