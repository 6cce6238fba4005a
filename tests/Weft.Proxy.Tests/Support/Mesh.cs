using System.Net;
using Weft.Naming;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

/// <summary>A proxy with one loop in this process, on the loopback interface, whose world is what the test says.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    /// <summary>The table of every test that says nothing else.</summary>
    public const string Dtab = "/svc => /#/t";

    private readonly StringWriter _logged = new();
    private readonly Log _log;
    private readonly string _more;
    private readonly VirtualTime? _time;
    private ProxyConfig _config;
    private ResourceSet _documents;
    private long _version = 1;

    /// <summary>Starts it.</summary>
    /// <param name="listener">Keys of the outbound listener, or with <paramref name="kind"/> of an inbound one.</param>
    /// <param name="service">The spec of every service.</param>
    /// <param name="dtab">The table.</param>
    /// <param name="names">What is known from the first moment on.</param>
    /// <param name="kind">outbound or inbound.</param>
    /// <param name="workers">Event loops.</param>
    /// <param name="documents">More documents, without their <c>apiVersion</c>; <c>---</c> between them.</param>
    /// <param name="time">The clock of loops and checks, where the test moves it; the network stays real.</param>
    /// <param name="zone">Where the proxy stands.</param>
    public Mesh(
        string listener = "",
        string service = "{}",
        string dtab = Dtab,
        Action<ScriptedNames>? names = null,
        string kind = "outbound",
        int workers = 1,
        string documents = "",
        VirtualTime? time = null,
        string? zone = null
    )
    {
        names?.Invoke(Names);
        _more = documents;
        _time = time;
        _log = new Log(_logged, TimeProvider.System);
        _config = ConfigOf(listener, kind, workers) with { Zone = zone };
        _documents = DocumentsOf(dtab, service, _more);
        Registry = new MetricRegistry(TimeProvider.System);
        State = new ProxyState(new ProxyMetrics(Registry), _log, Next(), new Random(5));
        Server = new ProxyServer(State, time ?? TimeProvider.System, new Random(7));
        Server.Start();
    }

    public ScriptedNames Names { get; } = new();

    public MetricRegistry Registry { get; }

    public ProxyState State { get; }

    public ProxyServer Server { get; }

    public IPEndPoint Address => Server.Listeners[0].Local!;

    /// <summary>The loop of the listener's direction.</summary>
    public LoopState Loop =>
        Server.Loops.First(l =>
            l.Direction == (_config.Listeners[0].Kind == ListenerKind.Inbound ? Direction.Inbound : Direction.Outbound)
        );

    /// <summary>Everything that the log was told.</summary>
    public string Logged => _logged.ToString();

    /// <summary>Not checked against a proxy's file: names of these tests have namers that no document describes.</summary>
    public static ResourceSet DocumentsOf(string dtab, string service, string more = "")
    {
        var text = $$"""
            apiVersion: weft.dev/v1
            kind: Dtab
            metadata: {name: default}
            spec: "{{dtab}}"
            ---
            apiVersion: weft.dev/v1
            kind: Service
            metadata: {name: "*"}
            spec: {{service}}

            """;
        var all = more.Split("---\n", StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(text, (before, one) => $"{before}---\napiVersion: weft.dev/v1\n{one}\n");
        var parse = ResourceSet.Parse([("test.yaml", all)]);
        Assert.True(more.Length == 0 || parse.Problems.Count == 0, string.Join("\n", parse.Problems));
        return parse.Set;
    }

    public static ProxyConfig ConfigOf(string listener, string kind = "outbound", int workers = 1)
    {
        var keys = listener.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var text = $"""
            admin: 127.0.0.1:0
            workers: {workers}
            listeners:
              - name: test
                kind: {kind}
                address: 127.0.0.1:0

            """;
        var (config, problems) = ProxyConfig.Parse(text + string.Concat(keys.Select(k => $"    {k}\n")), "proxy.yaml");
        Assert.True(config is not null, string.Join("\n", problems));
        return config;
    }

    public Task<Wire> ConnectAsync(IPAddress? from = null) => Wire.ConnectAsync(Address, from);

    /// <summary>A connection is ended without a byte; by a reset that may come before the connect is known to have worked.</summary>
    public async Task RefusesAsync()
    {
        try
        {
            using var client = await ConnectAsync();
            Assert.True(await client.EndsAsync());
        }
        catch (System.Net.Sockets.SocketException e)
        {
            Assert.Equal(System.Net.Sockets.SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }

    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawResponse> AskAsync(string host = "web", string path = "/", string fields = "")
    {
        using var client = await ConnectAsync();
        await client.SendAsync($"GET {path} HTTP/1.1\r\nhost: {host}\r\n{fields}\r\n");
        return (await client.ReadResponseAsync())!;
    }

    /// <summary>Moves the clock, and lets every loop see it.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        _time!.Advance(by);
        foreach (var loop in Server.Loops)
        {
            // What is posted runs before the timers of that turn, so one turn more.
            await OnLoopAsync(loop, () => 0);
            await OnLoopAsync(loop, () => 0);
        }
    }

    /// <summary>Moves the clock in steps until something holds that also needs the network.</summary>
    public Task PassTimeUntilAsync(Func<Task<bool>> condition, string what, double step = 0.25) =>
        Eventually.HoldsAsync(
            async () =>
            {
                if (await condition())
                {
                    return true;
                }

                await AdvanceAsync(TimeSpan.FromSeconds(step));
                return false;
            },
            what
        );

    /// <summary>The endpoint of the only concrete name, as its loop sees it.</summary>
    public Task<(EndpointState State, string? Why)> StateOfAsync(IPEndPoint address, LoopState? loop = null) =>
        OnLoopAsync(
            loop ?? Loop,
            () =>
            {
                var on = loop ?? Loop;
                var endpoint = on
                    .Concretes.All.SelectMany(c => c.Endpoints.ToArray())
                    .Single(e => e.Address.Equals(address));
                return (endpoint.Load.StateAt(on.Loop.NowNanoseconds), endpoint.DownBecause);
            }
        );

    /// <summary>The proxy stands somewhere else from now on.</summary>
    public Task MoveAsync(string zone)
    {
        _config = _config with { Zone = zone };
        return PublishAsync();
    }

    /// <summary>Tells the loops that names, the table or the services are others now, and waits until they know.</summary>
    public async Task PublishAsync(string? dtab = null, string service = "{}")
    {
        if (dtab is not null)
        {
            _documents = DocumentsOf(dtab, service, _more);
        }

        Server.Publish(Next());
        await OnLoopAsync(() => 0);
    }

    /// <summary>Asks something on the loop.</summary>
    public Task<T> OnLoopAsync<T>(Func<T> question) => OnLoopAsync(Loop, question);

    public static async Task<T> OnLoopAsync<T>(LoopState loop, Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Loop.Post(_ =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return await answer.Task.WithinLimit();
    }

    /// <summary>The sum of all series of a metric that have these labels.</summary>
    public double Count(string metric, params (string Label, string Value)[] labels) =>
        Scrape.Of(Registry).Sum(metric, labels);

    /// <summary>Nothing is under way, nothing that was opened for a client is left, and no defect was logged.</summary>
    public async Task IsAtRestAsync()
    {
        await Eventually.HoldsAsync(() => Count("weft_requests_in_flight") == 0, "no request in flight");
        await Eventually.HoldsAsync(
            () => Count("weft_connections_open", ("peer", "downstream")) == 0,
            "no client connection"
        );
        foreach (var loop in Server.Loops)
        {
            await Eventually.HoldsAsync(
                () => OnLoopAsync(loop, () => loop.Concretes.All.All(c => Busy(c) == 0)),
                "no endpoint at work"
            );
            await Eventually.HoldsAsync(
                () => OnLoopAsync(loop, () => EndpointsOf(loop).All(e => e.Open == e.IdleCount)),
                "no connection in use"
            );
        }

        // An endpoint may close an idle connection between the one look and the other; what leaks stays different.
        await Eventually.HoldsAsync(
            async () => await OpenUpstream() == Count("weft_connections_open", ("peer", "upstream")),
            "as many connections counted as there are"
        );
        Assert.Equal(0, Count("weft_errors_total", ("reason", "internal")));
    }

    private async Task<int> OpenUpstream()
    {
        var open = 0;
        foreach (var loop in Server.Loops)
        {
            open += await OnLoopAsync(loop, () => EndpointsOf(loop).Sum(e => e.Open));
        }

        return open;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync();
        _log.Dispose();
        Assert.DoesNotContain("ran into an error", Logged, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", Logged, StringComparison.Ordinal);
        await _logged.DisposeAsync();
    }

    private static UpstreamEndpoint[] EndpointsOf(LoopState loop) =>
        [.. loop.Concretes.All.SelectMany(c => c.Endpoints.ToArray())];

    private static int Busy(ConcreteName name) => name.Endpoints.ToArray().Sum(e => e.Load.InFlight);

    private World Next() => new(_version++, _config, _documents, Names, Names);
}
