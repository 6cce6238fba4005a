using Weft.Http;
using Weft.Naming;
using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>What is done about the name's requests: its policy, its routes and the names that these lead to, its faults.</summary>
internal sealed partial class LogicalName
{
    private readonly Dictionary<Path, LogicalName> _backends = [];
    private readonly Dictionary<object, LogicalName> _byBackend = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CompiledRule, RouteSlots> _ruleSlots = [];
    private ServicePolicy? _policy;
    private bool _isRetired;
    private RouteTable? _routes;
    private Dtab _dtab = Dtab.Empty;

    /// <summary>Null while the name has led nowhere yet: names that clients invent get no state.</summary>
    public ServicePolicy? Policy => _policy;

    /// <summary>The rules that its requests take; null when it has none.</summary>
    public RouteTable? Routes => _routes;

    /// <summary>The faults that its requests meet; null when it has none.</summary>
    public FaultTable? Faults { get; private set; }

    /// <summary>The leaves of its own destination, and of the names that its routes have led to.</summary>
    public IEnumerable<Destination.Leaf> AllLeaves() =>
        _backends.Count == 0
            ? Destination.Leaves()
            : [.. Destination.Leaves(), .. _backends.Values.SelectMany(b => b.Destination.Leaves())];

    /// <summary>The name of a backend of its rules, up to date in the present world. Allocates only when it is asked for first.</summary>
    public LogicalName Backend(CompiledBackend backend) => Known(backend) ?? Learn(backend, backend.PathFor(Name));

    /// <summary>The same for a mirror.</summary>
    public LogicalName Backend(CompiledMirror mirror) => Known(mirror) ?? Learn(mirror, mirror.PathFor(Name));

    /// <summary>The name that a rule sends requests to, up to date in the present world.</summary>
    public LogicalName Backend(Path path)
    {
        if (path.Equals(Name))
        {
            return this;
        }

        if (!_backends.TryGetValue(path, out var backend))
        {
            // As many as the routes' documents name.
            backend = new LogicalName(_loop, path, _local, this);
            _backends.Add(path, backend);
        }

        backend.Refresh(_world!, _dtab);
        return backend;
    }

    /// <summary>Where the requests that take a rule are counted.</summary>
    public RouteSlots SlotsOf(CompiledRule? rule)
    {
        if (rule is null || Slots == _loop.UnboundSlots)
        {
            return Slots;
        }

        if (!_ruleSlots.TryGetValue(rule, out var slots))
        {
            slots = new RouteSlots(_loop.Metrics, _loop.Direction, Label, rule.Label);
            _ruleSlots.Add(rule, slots);
        }

        return slots;
    }

    private LogicalName? Known(object backend)
    {
        if (_byBackend.TryGetValue(backend, out var known) && known != this)
        {
            known.Refresh(_world!, _dtab);
        }

        return known;
    }

    private LogicalName Learn(object backend, Path path)
    {
        var name = Backend(path);
        _byBackend.Add(backend, name);
        return name;
    }

    private ServiceSpec SpecIn(World world)
    {
        var spec = world.Resources.SpecOf(Name);
        // How calls are repeated and endpoints judged is the caller's affair: what the application here answers is passed on as it is.
        return _loop.Direction == Direction.Outbound
            ? spec
            : spec with
            {
                Retries = null,
                Hedge = null,
                Breaker = null,
                HealthCheck = null,
            };
    }

    private void RefreshPolicy(World world)
    {
        var isOutbound = _loop.Direction == Direction.Outbound;
        var routes = isOutbound ? world.Routes.RoutesOf(Name) : null;
        Faults = isOutbound ? world.Routes.FaultsOf(Name) : null;
        if (Destination is Destination.Nowhere && routes is null && _policy is null)
        {
            return;
        }

        if (Slots == _loop.UnboundSlots)
        {
            Slots = new RouteSlots(_loop.Metrics, _loop.Direction, Label, ProxyMetrics.DefaultRoute);
        }

        if (_policy is null || !_policy.Spec.Equals(Spec) || routes != _routes)
        {
            var before = _policy;
            _policy = new ServicePolicy(_loop, Name, Label, Spec, routes);
            before?.Release(); // After the new one has joined, so that a budget that stays keeps what it holds.
        }

        if (routes != _routes)
        {
            _routes = routes;
            ForgetRoutes();
        }
    }

    private void ForgetRoutes()
    {
        foreach (var slots in _ruleSlots.Values)
        {
            slots.Release();
        }

        foreach (var backend in _backends.Values)
        {
            backend.Retire();
        }

        _ruleSlots.Clear();
        _backends.Clear();
        _byBackend.Clear();
    }

    private void RetirePolicy()
    {
        _isRetired = true;
        ForgetRoutes();
        _routes = null;
        _policy?.Release();
        _policy = null;
        if (Slots != _loop.UnboundSlots)
        {
            Slots.Release();
            Slots = _loop.UnboundSlots;
        }
    }
}
