using Weft.Http;
using Weft.Net;
using Weft.Resilience;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What one loop keeps for one direction: concrete names with their connections, metrics, failures. Touched on that loop only.</summary>
internal sealed class LoopState
{
    /// <summary>Between two rounds of housekeeping.</summary>
    public const long SweepMilliseconds = 1000;

    private readonly ProxyState _shared;
    private readonly List<ListenerLoop> _listeners = [];
    private readonly SweepTimer _sweep;
    private readonly Dictionary<string, RequestKey> _keys = [];

    public LoopState(ProxyState shared, HealthChecks health, EventLoop loop, Direction direction, ulong seed)
    {
        _shared = shared;
        Health = health;
        Loop = loop;
        Direction = direction;
        Random = new LoopRandom(seed);
        Shard = shared.Metrics.Registry.CreateShard();
        Connections = new ConnectionCounts(Metrics, Shard, direction);
        Concretes = new ConcreteNames(this);
        UnboundSlots = new RouteSlots(Metrics, direction, LabelOfUnbound, ProxyMetrics.DefaultRoute);
        Waiters = new BindingWaiters(loop);
        _sweep = new SweepTimer(this);
    }

    /// <summary>The <c>service</c> of requests that have no name or whose name leads nowhere.</summary>
    private const string LabelOfUnbound = "other";

    public EventLoop Loop { get; }

    public Direction Direction { get; }

    public LoopRandom Random { get; }

    public MetricShard Shard { get; }

    public ProxyMetrics Metrics => _shared.Metrics;

    public ConnectionCounts Connections { get; }

    public ConcreteNames Concretes { get; }

    public RouteSlots UnboundSlots { get; }

    public BindingWaiters Waiters { get; }

    /// <summary>What all loops keep of services together.</summary>
    public SharedServices Services => _shared.Services;

    /// <summary>The active checks of all loops.</summary>
    public HealthChecks Health { get; }

    public RecentFailures Failures { get; } = new();

    public HeadLimits ResponseLimits { get; } = HeadLimits.Default;

    public World World => _shared.World;

    public IReadOnlyList<ListenerLoop> Listeners => _listeners;

    /// <summary>The proxy is ending: connections are not kept for later.</summary>
    public bool IsStopping { get; private set; }

    public void Begin() => Loop.SetTimer(_sweep, SweepMilliseconds);

    public void Add(ListenerLoop listener) => _listeners.Add(listener);

    public void Remove(ListenerLoop listener) => _listeners.Remove(listener);

    public void OnWorldChanged() => Waiters.OnChanged();

    public void Stop()
    {
        IsStopping = true;
        TimerWheel.Clear(_sweep);
        Concretes.RetireAll();
    }

    /// <summary>Counts, logs and remembers an error that the proxy answers itself.</summary>
    public void OnError(
        ProxyError error,
        RouteSlots slots,
        ListenerLoop listener,
        string? name,
        ServerExchange? exchange
    )
    {
        slots.RecordError(Shard, error.Reason);
        Failures.Add(
            new Failure(
                Loop.Time.GetUtcNow(),
                listener.Config.Name,
                name,
                exchange is null ? null : System.Text.Encoding.Latin1.GetString(exchange.Request.MethodSpan),
                exchange is null ? null : System.Text.Encoding.Latin1.GetString(exchange.Request.Path),
                error
            )
        );
        _shared.Log.Debug(
            "request failed",
            ("reason", error.Reason.Text()),
            ("listener", listener.Config.Name),
            ("name", name),
            ("message", error.Message)
        );
    }

    /// <summary>How requests are told apart, by what a document says of it.</summary>
    public RequestKey KeyOf(string form)
    {
        if (!_keys.TryGetValue(form, out var key))
        {
            key = new RequestKey(form);
            _keys.Add(form, key); // As many as the documents name.
        }

        return key;
    }

    /// <summary>An endpoint was taken out of service, or its probe failed.</summary>
    public void CountEjection(string service, string client, EjectionCause cause) =>
        Count(Metrics.Ejections, ProxyMetrics.Text(Direction), service, client, cause.Text());

    /// <summary>So few endpoints of a name are in service that all are used from now on, or no longer so.</summary>
    public void OnPanic(string service, string client, bool begins)
    {
        if (begins)
        {
            Count(Metrics.Panics, ProxyMetrics.Text(Direction), service, client);
        }
    }

    /// <summary>Counts what happens so rarely that its series need not be kept at hand.</summary>
    private void Count(CounterFamily family, params ReadOnlySpan<string> labels)
    {
        var slot = family.Series(labels);
        Shard.Add(slot);
        family.Release(slot);
    }

    /// <summary>Counts and logs a defect of ours.</summary>
    /// <param name="exception">What it showed itself by.</param>
    /// <param name="where">The listener or the endpoint of the connection that ran into it.</param>
    public void OnDefect(Exception exception, string where)
    {
        UnboundSlots.RecordError(Shard, ErrorReason.Internal);
        _shared.Log.Error(
            "internal error while serving a connection; please report it",
            ("at", where),
            ("exception", exception)
        );
    }

    private void Sweep()
    {
        foreach (var listener in _listeners)
        {
            listener.Sweep();
        }

        Concretes.Sweep();
        Loop.SetTimer(_sweep, SweepMilliseconds);
    }

    private sealed class SweepTimer(LoopState state) : LoopTimer
    {
        protected override void OnDue() => state.Sweep();
    }
}
