using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

/// <summary>
/// A proxy before services of which each has an endpoint that fails in one way: <c>only-resets</c> has no other, <c>resets</c> has a good one too.
/// </summary>
public sealed class FaultyMesh : IAsyncLifetime
{
    /// <summary>Failures in a row that open a circuit.</summary>
    internal const int ConsecutiveFailures = 3;

    /// <summary>The name of the good endpoint.</summary>
    internal const string Good = "good";

    private readonly List<FaultyUpstream> _faulty = [];
    private readonly List<TempMesh> _victims = [];
    private EchoUpstream _good = null!;

    internal TempMesh Mesh { get; } = new();

    internal WeftProcess Weft { get; private set; } = null!;

    /// <summary>The service of a fault.</summary>
    internal static string NameOf(Fault fault) => fault.ToString().ToLowerInvariant();

    /// <summary>A process to be killed or frozen: it is an endpoint of the service beside the good one, and of <c>only-</c> it alone.</summary>
    internal async Task<WeftProcess> StartVictim(string service)
    {
        var mesh = new TempMesh();
        _victims.Add(mesh);
        mesh.Disco(service, _good.Address);
        mesh.Disco($"only-{service}", _good.Address);
        var victim = await WeftProcess.Start(mesh);
        Mesh.Disco(service, victim.Outbound, _good.Address);
        Mesh.Disco($"only-{service}", victim.Outbound);
        return victim;
    }

    public async ValueTask InitializeAsync()
    {
        _good = await EchoUpstream.Start(Good);
        foreach (var fault in Enum.GetValues<Fault>())
        {
            var upstream = new FaultyUpstream(fault);
            _faulty.Add(upstream);
            Mesh.Disco(NameOf(fault), upstream.Address, _good.Address);
            Mesh.Disco($"only-{NameOf(fault)}", upstream.Address);
        }
        Mesh.Document(
            "services.yaml",
            Document("\"*\"", "1s", limit: 5) + "---\n" + Document("only-*", "300ms", limit: 1)
        );
        Weft = await WeftProcess.Start(Mesh);
    }

    public async ValueTask DisposeAsync()
    {
        if (Weft is not null)
            await Weft.DisposeAsync();
        foreach (var upstream in _faulty)
            await upstream.DisposeAsync();
        if (_good is not null)
            await _good.DisposeAsync();
        foreach (var mesh in _victims)
            mesh.Dispose();
        Mesh.Dispose();
    }

    // In turn, so that the endpoint that fails gets its share until its circuit opens, and then for longer than any test.
    private static string Document(string name, string attempt, int limit) =>
        $$"""
            kind: Service
            metadata: {name: {{name}}}
            spec:
              timeouts: {request: 10s, attempt: {{attempt}}}
              balancer: {kind: roundRobin}
              retries:
                on: [connect-failure, refused-stream, reset, 5xx, attempt-timeout]
                limit: {{limit}}
                budget: {ratio: 100%, window: 10s, minPerSecond: 100}
                backoff: {base: 5ms, max: 20ms}
              breaker: {consecutiveFailures: {{ConsecutiveFailures}}, backoff: {base: 5m, max: 5m}, maxEjected: 50%}

            """;
}
