using System.Net;
using Weft.Naming;
using Weft.Net;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// A running proxy: its loops, its listeners, and the world that they serve. Who listens where is decided here; what happens to a request
/// is written in <see cref="Forwarding"/>.
/// </summary>
internal sealed class ProxyServer
{
    private readonly ProxyState _state;
    private readonly LoopGroup _loops;
    private readonly LoopState[] _outbound;
    private readonly LoopState[] _inbound;
    private readonly Random _random;
    private readonly HealthChecks _health;
    private readonly Lock _gate = new();
    private readonly List<ListenerGroup> _listeners = [];

    // Listeners that are gone from the file, while requests are still under way on their connections.
    private readonly List<Task> _closing = [];
    private Task? _drain;

    public ProxyServer(ProxyState state, TimeProvider time, Random random)
    {
        _state = state;
        _random = random;
        var workers = state.World.Config.Workers;
        _loops = new LoopGroup(workers == 0 ? Environment.ProcessorCount : workers, time, OnUnhandled);
        // Of its own: it is asked on other threads.
        var chance = new Random(random.Next());
        _health = new HealthChecks(new NetworkProbe(time), state.Metrics, state.Log, time, chance);
        _outbound = States(Direction.Outbound);
        _inbound = States(Direction.Inbound);
    }

    /// <summary>All loop states, for those who ask what is going on.</summary>
    public IEnumerable<LoopState> Loops => [.. _outbound, .. _inbound];

    /// <summary>How many event loops there are.</summary>
    public int Workers => _outbound.Length;

    /// <summary>The active checks of endpoints.</summary>
    public HealthChecks Health => _health;

    /// <summary>True once the proxy takes no new work.</summary>
    public bool IsDraining => Volatile.Read(ref _drain) is not null;

    /// <summary>Where each listener listens.</summary>
    public IReadOnlyList<(ListenerConfig Config, IPEndPoint? Local)> Listeners
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.Select(l => (l.Config, l.LocalEndPoint))];
            }
        }
    }

    /// <summary>Opens the listeners of the present world.</summary>
    /// <exception cref="ListenException">An address cannot be had.</exception>
    public void Start()
    {
        foreach (var loop in Loops)
        {
            loop.Loop.Post(static l => ((LoopState)l!).Begin(), loop);
        }

        foreach (var config in _state.World.Config.Listeners)
        {
            _listeners.Add(Open(config));
        }
    }

    /// <summary>
    /// Opens what a new file asks for and is not open yet; when one address cannot be had, nothing changes and the reason is given.
    /// Otherwise <c>Commit</c> makes the listeners what the file says: called when the world that goes with it was published.
    /// </summary>
    public (Problem? Refused, Action Commit) Prepare(ProxyConfig config)
    {
        lock (_gate)
        {
            var plan = new ListenerPlan(_listeners, config.Listeners);
            var opened = new List<ListenerGroup>();
            foreach (var listener in IsDraining ? [] : plan.New)
            {
                try
                {
                    opened.Add(Open(listener));
                }
                catch (ListenException e)
                {
                    Close(opened, TimeSpan.Zero);
                    var origin = listener.Origin;
                    return (new Problem(origin.File, origin.Line, origin.Column, e.Message), static () => { });
                }
            }

            return (null, () => Commit(plan, opened, config));
        }
    }

    /// <summary>Hands a new world to the loops.</summary>
    public void Publish(World world)
    {
        _state.Publish(world);
        foreach (var loop in Loops)
        {
            loop.Loop.Post(static l => ((LoopState)l!).OnWorldChanged(), loop);
        }
    }

    /// <summary>Takes no new connection, and completes when every request has been served or the time is up. May be called more than once.</summary>
    public Task DrainAsync(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_drain is null)
            {
                Close(_listeners, limit);
                _drain = Task.WhenAll(_closing.Select(c => WithinAsync(c, limit)));
            }

            return _drain;
        }
    }

    /// <summary>Ends the loops; what is still open is aborted.</summary>
    public async Task StopAsync()
    {
        foreach (var loop in Loops)
        {
            loop.Loop.Post(static l => ((LoopState)l!).Stop(), loop);
        }

        await _loops.StopAsync();
        await _health.DisposeAsync();
    }

    public static Telemetry.LogLevel LevelOf(Resources.LogLevel level) =>
        level switch
        {
            Resources.LogLevel.Debug => Telemetry.LogLevel.Debug,
            Resources.LogLevel.Warn => Telemetry.LogLevel.Warn,
            Resources.LogLevel.Error => Telemetry.LogLevel.Error,
            _ => Telemetry.LogLevel.Info,
        };

    private void Commit(ListenerPlan plan, List<ListenerGroup> opened, ProxyConfig config)
    {
        lock (_gate)
        {
            if (IsDraining)
            {
                Close(opened, TimeSpan.Zero);
                return;
            }

            foreach (var (group, next) in plan.Kept)
            {
                if (group.Config.Name == next.Name && group.Config.Kind == next.Kind)
                {
                    group.Config = next;
                }
                else
                {
                    group.Replace(LoopsOf(next), next);
                }
            }

            Close(plan.Gone, config.Drain);
            _listeners.RemoveAll(plan.Gone.Contains);
            _listeners.AddRange(opened);
        }
    }

    private void Close(IReadOnlyList<ListenerGroup> groups, TimeSpan limit)
    {
        _closing.RemoveAll(c => c.IsCompleted);
        _closing.AddRange(groups.Select(g => g.CloseAsync(limit, _loops.Loops[0].Time)));
    }

    private async Task WithinAsync(Task closing, TimeSpan limit)
    {
        try
        {
            await closing.WaitAsync(limit, _loops.Loops[0].Time);
        }
        catch (TimeoutException)
        {
            // The end of the loops ends what is left.
        }
    }

    private LoopState[] LoopsOf(ListenerConfig config) => config.Kind == ListenerKind.Outbound ? _outbound : _inbound;

    private ListenerGroup Open(ListenerConfig config)
    {
        var group = new ListenerGroup(LoopsOf(config), config, _random);
        group.Open(_loops);
        return group;
    }

    private LoopState[] States(Direction direction) =>
        [.. _loops.Loops.Select(l => new LoopState(_state, _health, l, direction, (ulong)_random.NextInt64()))];

    private void OnUnhandled(Exception e) =>
        _state.Log.Error("an event loop ran into an error and goes on", ("exception", e));
}
