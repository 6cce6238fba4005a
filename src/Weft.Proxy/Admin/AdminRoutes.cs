using System.Buffers;
using System.Net;
using System.Text;
using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Telemetry;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>Which admin request gets which answer.</summary>
internal sealed class AdminRoutes
{
    private const int MaxBody = 4096;

    private readonly EventLoop _loop;
    private readonly ProxyServer _server;
    private readonly WorldKeeper _keeper;
    private readonly ProxyState _state;
    private readonly Action _shutdown;
    private Survey _survey = Survey.Empty;

    public AdminRoutes(EventLoop loop, ProxyServer server, WorldKeeper keeper, ProxyState state, Action shutdown)
    {
        (_loop, _server, _keeper, _state, _shutdown) = (loop, server, keeper, state, shutdown);
        DeclareObserved(state.Metrics.Registry);
    }

    public async ValueTask<AdminAnswer> AnswerAsync(ServerExchange exchange)
    {
        var request = exchange.Request;
        var target = Encoding.Latin1.GetString(request.Path);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : target[(mark + 1)..];
        return request.Method switch
        {
            RequestMethod.Get or RequestMethod.Head => await GetAsync(path, query, request),
            RequestMethod.Put or RequestMethod.Post => await ChangeAsync(path, exchange),
            _ => AdminAnswer.Text(405, "GET, PUT or POST\n"),
        };
    }

    private async ValueTask<AdminAnswer> GetAsync(string path, string query, RequestHead request)
    {
        switch (path)
        {
            case "/live":
                return AdminAnswer.Text(200, "live\n");
            case "/ready":
                return Ready();
            case "/metrics":
                request.TryGet(KnownHeader.Accept, out var accept);
                return await MetricsAsync(MetricsFormat.Negotiate(Encoding.Latin1.GetString(accept)));
            case "/config":
                var now = _loop.Time.GetUtcNow();
                return AdminAnswer.Json(200, w => AdminJson.WriteConfig(w, _state.World, _keeper, _server, now));
            case "/endpoints":
                var survey = await Survey.TakeAsync(_loop, _server.Loops);
                return AdminAnswer.Json(200, w => AdminJson.WriteEndpoints(w, survey));
            case "/requests":
                var failures = await FailuresAsync();
                return AdminAnswer.Json(200, w => AdminJson.WriteFailures(w, failures));
            case "/delegate":
                return Delegate(QueryString.Read(query));
            default:
                return AdminAnswer.Text(
                    404,
                    "/live /ready /metrics /config /endpoints /delegate?path=&dtab= /requests\n"
                        + "PUT /log-level, POST /drain, POST /shutdown\n"
                );
        }
    }

    private AdminAnswer Ready() =>
        _server.IsDraining ? AdminAnswer.Text(503, "draining\n")
        : _keeper is { IsWaiting: true, Control: { } control }
            ? AdminAnswer.Text(503, $"waiting for the control plane: {control.Error ?? "no answer yet"}\n")
        : AdminAnswer.Text(200, "ready\n");

    private async ValueTask<AdminAnswer> ChangeAsync(string path, ServerExchange exchange)
    {
        if (!IsLoopbackName(exchange.Request))
        {
            return AdminAnswer.Text(403, "a request that changes something is made by a loopback name\n");
        }

        var index = exchange.Request.Find("weft-admin"u8);
        if (index < 0 || !exchange.Request.Value(index).SequenceEqual("1"u8))
        {
            return AdminAnswer.Text(403, "a request that changes something must carry the header weft-admin: 1\n");
        }

        var body = await ReadBodyAsync(exchange.RequestBody);
        switch ((exchange.Request.Method, path))
        {
            case (RequestMethod.Put, "/log-level"):
                if (!LogLevels.TryParse(body.Trim(), out var level))
                {
                    return AdminAnswer.Text(400, $"one of {string.Join(", ", LogLevels.Names)}\n");
                }

                _state.Log.Level = level;
                return AdminAnswer.Text(200, $"{LogLevels.NameOf(level)}\n");
            case (RequestMethod.Post, "/drain"):
                _ = _server.DrainAsync(_state.World.Config.Drain);
                return AdminAnswer.Text(202, "draining\n");
            case (RequestMethod.Post, "/shutdown"):
                _shutdown();
                return AdminAnswer.Text(202, "draining, then stopping\n");
            default:
                return AdminAnswer.Text(404, "PUT /log-level, POST /drain, POST /shutdown\n");
        }
    }

    private async ValueTask<AdminAnswer> MetricsAsync(MetricsFormat format)
    {
        _survey = await Survey.TakeAsync(_loop, _server.Loops);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        _state.Metrics.Registry.WriteTo(buffer, format);
        return AdminAnswer.Of(format.ContentType, buffer.WrittenMemory);
    }

    private async ValueTask<IReadOnlyList<(Direction Direction, Failure Failure)>> FailuresAsync()
    {
        var all = new List<(Direction, Failure)>();
        foreach (var loop in _server.Loops)
        {
            var latest = await _loop.AskAsync(loop.Loop, loop.Failures.Latest);
            all.AddRange(latest.Select(f => (loop.Direction, f)));
        }

        return [.. all.OrderByDescending(f => f.Item2.Time).Take(64)];
    }

    private AdminAnswer Delegate(IReadOnlyDictionary<string, string> query)
    {
        if (!Path.TryParse(query.GetValueOrDefault("path", ""), out var path, out var pathError))
        {
            return AdminAnswer.Text(400, $"path: {pathError}\n");
        }

        if (!Dtab.TryParse(query.GetValueOrDefault("dtab", ""), out var local, out var dtabError))
        {
            return AdminAnswer.Text(400, $"dtab: {dtabError}\n");
        }

        var world = _state.World;
        var listener = world.Config.Listeners.FirstOrDefault(l => l.Kind == Resources.ListenerKind.Outbound);
        var table = (listener is null ? Dtab.Empty : world.DtabOf(listener)).Concat(local);
        var delegation = Delegator.Delegate(table, path, world.Namer);
        var bound = Binder.Bind(table, path, world.Namer);
        return AdminAnswer.Json(200, w => DelegationJson.Write(w, path, delegation, bound));
    }

    private void DeclareObserved(MetricRegistry registry)
    {
        registry.Observe(
            MetricKind.Gauge,
            "weft_endpoints",
            "Endpoints of the concrete names in use, by what may be done with them.",
            [MetricLabel.Closed("direction"), "service", "client", MetricLabel.Closed("state")],
            ObserveEndpoints
        );
        registry.Observe(
            MetricKind.Gauge,
            "weft_pool_pending",
            "Requests that wait for a connection to an endpoint.",
            [MetricLabel.Closed("direction"), "service"],
            ObservePending
        );
        registry.Observe(
            MetricKind.Gauge,
            "weft_bindings",
            "Logical names that the loops remember.",
            [MetricLabel.Closed("direction")],
            o =>
            {
                foreach (var (direction, count) in _survey.Names)
                {
                    o.Add(count, ProxyMetrics.Text(direction));
                }
            }
        );
        registry.Observe(
            "weft_buffers_lent",
            "Buffers that hold what connections have received or are about to send.",
            () => _survey.Buffers
        );
        registry.Observe(
            MetricKind.Gauge,
            "weft_retry_budget_available",
            "Extra attempts that the budget of a service would pay for now.",
            [MetricLabel.Closed("direction"), "service"],
            ObserveBudgets
        );
        registry.Observe(
            "weft_discovery_age_seconds",
            "Time since all sources of names, documents and configuration could last be read or reached.",
            () => _keeper.StaleSince is { } since ? (_loop.Time.GetUtcNow() - since).TotalSeconds : 0
        );
        registry.Observe(
            "weft_config_version",
            "Counts up with every change that came into force.",
            () => _state.World.Version
        );
    }

    private void ObserveEndpoints(Observations observations)
    {
        var clients = _survey.Endpoints.ToLookup(e => (e.Direction, e.Client));
        foreach (var (direction, service, client) in _survey.Uses)
        {
            var endpoints = clients[(direction, client)];
            foreach (var state in (ReadOnlySpan<string>)["ready", "ejected", "probing", "draining"])
            {
                observations.Add(
                    endpoints.Count(e => e.State == state),
                    ProxyMetrics.Text(direction),
                    service,
                    client,
                    state
                );
            }
        }
    }

    private void ObservePending(Observations observations)
    {
        var waiting = _survey
            .Endpoints.GroupBy(e => (e.Direction, e.Client))
            .ToDictionary(e => e.Key, e => e.Sum(one => one.Waiting));
        foreach (var uses in _survey.Uses.GroupBy(u => (u.Direction, u.Service)))
        {
            observations.Add(
                uses.Sum(u => waiting.GetValueOrDefault((u.Direction, u.Client))),
                ProxyMetrics.Text(uses.Key.Direction),
                uses.Key.Service
            );
        }
    }

    private void ObserveBudgets(Observations observations)
    {
        // While a policy changes, a service may have two.
        var now = _loop.NowNanoseconds;
        foreach (var service in _state.Services.All.GroupBy(s => (s.Key.Direction, s.Key.Name)))
        {
            observations.Add(
                service.Max(s => s.Budget.Balance(now)),
                ProxyMetrics.Text(service.Key.Direction),
                LogicalName.LabelOf(service.Key.Name)
            );
        }
    }

    private static bool IsLoopbackName(RequestHead request) =>
        Authority.TrySplit(request.Authority, out var host, out _)
        && Encoding.ASCII.GetString(host).Trim('[', ']') is var name
        && (
            name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
        );

    private static async ValueTask<string> ReadBodyAsync(BodySource body)
    {
        var text = new StringBuilder();
        while (!body.IsComplete && text.Length < MaxBody)
        {
            var chunk = await body.ReadAsync();
            text.Append(Encoding.UTF8.GetString(chunk.Data.Span));
            if (chunk.IsFailed)
            {
                break;
            }
        }

        return text.ToString();
    }
}
