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
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ListenerGroup> _listeners = new(StringComparer.Ordinal);
    private Task? _drain;

    public ProxyServer(ProxyState state, TimeProvider time, Random random)
    {
        _state = state;
        _random = random;
        var workers = state.World.Config.Workers;
        _loops = new LoopGroup(workers == 0 ? Environment.ProcessorCount : workers, time, OnUnhandled);
        _outbound = States(Direction.Outbound);
        _inbound = States(Direction.Inbound);
    }

    /// <summary>All loop states, for those who ask what is going on.</summary>
    public IEnumerable<LoopState> Loops => [.. _outbound, .. _inbound];

    /// <summary>True once the proxy takes no new work.</summary>
    public bool IsDraining => Volatile.Read(ref _drain) is not null;

    /// <summary>Where each listener listens.</summary>
    public IReadOnlyList<(ListenerConfig Config, IPEndPoint? Local)> Listeners
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.Values.Select(l => (l.Config, l.LocalEndPoint))];
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
            _listeners.Add(config.Name, Open(config));
        }
    }

    /// <summary>
    /// Makes the listeners what a new file says. New addresses are opened before anything is closed; when one of them cannot be had, nothing changes.
    /// </summary>
    public Problem? Apply(World world)
    {
        lock (_gate)
        {
            if (IsDraining)
            {
                return null;
            }

            var wanted = world.Config.Listeners.ToDictionary(l => l.Name, StringComparer.Ordinal);
            var opened = new Dictionary<string, ListenerGroup>(StringComparer.Ordinal);
            foreach (var config in wanted.Values)
            {
                if (_listeners.TryGetValue(config.Name, out var present) && CanStay(present.Config, config))
                {
                    continue;
                }

                try
                {
                    opened.Add(config.Name, Open(config));
                }
                catch (ListenException e)
                {
                    foreach (var listener in opened.Values)
                    {
                        _ = listener.CloseAsync(TimeSpan.Zero, _loops.Loops[0].Time);
                    }

                    return new Problem(config.Origin.File, config.Origin.Line, config.Origin.Column, e.Message);
                }
            }

            foreach (var (name, present) in _listeners.ToArray())
            {
                if (opened.ContainsKey(name) || !wanted.TryGetValue(name, out var config))
                {
                    _listeners.Remove(name);
                    _ = present.CloseAsync(world.Config.Drain, _loops.Loops[0].Time);
                }
                else if (!Equals(present.Config, config))
                {
                    present.Replace(config);
                }
            }

            foreach (var (name, listener) in opened)
            {
                _listeners.Add(name, listener);
            }

            _state.Log.Level = LevelOf(world.Config.Log.Level);
            return null;
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
            return _drain ??= Task.WhenAll(_listeners.Values.Select(l => l.CloseAsync(limit, _loops.Loops[0].Time)));
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
    }

    public static Telemetry.LogLevel LevelOf(Resources.LogLevel level) =>
        level switch
        {
            Resources.LogLevel.Debug => Telemetry.LogLevel.Debug,
            Resources.LogLevel.Warn => Telemetry.LogLevel.Warn,
            Resources.LogLevel.Error => Telemetry.LogLevel.Error,
            _ => Telemetry.LogLevel.Info,
        };

    private static bool CanStay(ListenerConfig present, ListenerConfig next) =>
        present.Kind == next.Kind && present.Address.Equals(next.Address);

    private ListenerGroup Open(ListenerConfig config)
    {
        var group = new ListenerGroup(config.Kind == ListenerKind.Outbound ? _outbound : _inbound, config, _random);
        group.Open(_loops);
        return group;
    }

    private LoopState[] States(Direction direction) =>
        [.. _loops.Loops.Select(l => new LoopState(_state, l, direction, (ulong)_random.NextInt64()))];

    private void OnUnhandled(Exception e) =>
        _state.Log.Error("an event loop ran into an error and goes on", ("exception", e));
}
