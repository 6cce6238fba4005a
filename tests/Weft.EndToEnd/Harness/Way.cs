using System.Net;
using System.Text.Json;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// The way to the service <c>books</c>: through an outbound proxy alone, or through that and the inbound proxy of each instance. Each hop speaks the version
/// that it is told to.
/// </summary>
internal sealed class Way : IAsyncDisposable
{
    public const string Service = "books";

    private readonly List<(TempMesh Mesh, WeftProcess Weft)> _proxies = [];

    private Way() { }

    /// <summary>Where clients connect: a listener of kind <c>auto</c>.</summary>
    public IPEndPoint Front => _proxies[^1].Mesh.Outbound;

    /// <summary>The outbound proxy, which clients connect to.</summary>
    public WeftProcess Outbound => _proxies[^1].Weft;

    /// <summary>All of them.</summary>
    public IEnumerable<WeftProcess> Proxies => _proxies.Select(p => p.Weft);

    /// <param name="hops">What each hop behind a proxy speaks, the client's side first: <c>"http2"</c>, <c>"http2 http1"</c>.</param>
    /// <param name="more">Further keys of the Service document of the outbound proxy, as they stand in braces.</param>
    /// <param name="instances">Where the application's instances listen.</param>
    public static async Task<Way> Start(string hops, string more, params IPEndPoint[] instances)
    {
        var way = new Way();
        try
        {
            var protocols = hops.Split(' ');
            if (protocols.Length > 1)
            {
                foreach (var (instance, i) in instances.Select((instance, i) => (instance, i)).ToArray())
                    instances[i] = await way.Inbound(protocols[1], instance);
            }
            var mesh = new TempMesh();
            mesh.Disco(Service, instances);
            mesh.Document("service.yaml", Document(protocols[0], more));
            mesh.Config(protocol: "auto");
            way._proxies.Add((mesh, await WeftProcess.Start(mesh)));
            return way;
        }
        catch
        {
            await way.DisposeAsync();
            throw;
        }
    }

    public static Task<Way> Start(string hops, params IPEndPoint[] instances) => Start(hops, "", instances);

    /// <summary>
    /// Waits until no proxy has anything under way for anybody: no request, none at an endpoint, no buffer lent. What never ends fails the test.
    /// </summary>
    public async Task IsQuiet()
    {
        foreach (var weft in Proxies)
        {
            await Eventually.Is(
                async () => await weft.Metric("weft_requests_in_flight") == 0,
                "no request was in flight"
            );
            await Eventually.Is(
                async () =>
                {
                    using var clients = await weft.AdminJson("/endpoints");
                    return clients.RootElement.EnumerateArray().SelectMany(Endpoints).All(IsIdle);
                },
                "no endpoint was working on a request"
            );
            await Eventually.Is(async () => await weft.Metric("weft_buffers_lent") == 0, "every buffer was given back");
        }

        static IEnumerable<JsonElement> Endpoints(JsonElement client) =>
            client.GetProperty("endpoints").EnumerateArray();
        static bool IsIdle(JsonElement endpoint) => endpoint.GetProperty("inFlight").GetInt32() == 0;
    }

    /// <summary>What the proxies say of requests that failed lately, each thing once; empty when none has.</summary>
    public async Task<string> Failures()
    {
        var messages = new HashSet<string>();
        foreach (var weft in Proxies)
        {
            using var failures = await weft.AdminJson("/requests");
            messages.UnionWith(
                failures
                    .RootElement.EnumerateArray()
                    .Select(f => $"{f.GetProperty("listener")}: {f.GetProperty("message")}")
            );
        }
        return string.Join('\n', messages);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (mesh, weft) in _proxies)
        {
            await weft.DisposeAsync();
            mesh.Dispose();
        }
    }

    private async Task<IPEndPoint> Inbound(string protocol, IPEndPoint application)
    {
        var mesh = new TempMesh();
        mesh.Document("service.yaml", Document(protocol, ""));
        mesh.Inbound(Service, application);
        _proxies.Add((mesh, await WeftProcess.Start(mesh)));
        return mesh.Outbound;
    }

    private static string Document(string protocol, string more) =>
        $"kind: Service\nmetadata: {{name: {Service}}}\nspec: {{protocol: {protocol}{(more.Length > 0 ? $", {more}" : "")}}}\n";
}
