using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>One listener on one loop: its connections, and the names that they have asked for.</summary>
internal sealed class ListenerLoop : IServerHandler
{
    /// <summary>Names that a loop remembers per listener. Invented ones push each other out, not those in use.</summary>
    private const int MaxNames = 4096;

    // A name that is still not resolved after this long is answered with 503.
    private const long BindingMilliseconds = 10_000;
    private const long NameIdleMilliseconds = 600_000;

    private readonly BoundedByteMap<LogicalName> _names;
    private readonly HashSet<IServerConnection> _connections = [];
    private readonly ServerOptions _options;
    private readonly int _maxConnections;
    private readonly LogicalName? _inbound;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dtab? _inboundDtab;
    private World? _world;
    private Dtab _dtab = Dtab.Empty;
    private bool _draining;

    public ListenerLoop(LoopState loop, ListenerConfig config, int maxConnections, ulong seed)
    {
        Loop = loop;
        Config = config;
        _maxConnections = maxConnections;
        _names = new BoundedByteMap<LogicalName>(MaxNames, seed, name => name.Retire());
        _options = new ServerOptions(
            new HeadLimits(config.Limits.HeaderBytes, config.Limits.HeaderCount, config.Limits.RequestLineBytes),
            (int)config.Timeouts.Idle.TotalMilliseconds,
            (int)config.Timeouts.Header.TotalMilliseconds
        );
        if (config.Kind == ListenerKind.Inbound)
        {
            _inbound = new LogicalName(loop, Path.Of("svc", config.Service!), null);
        }
    }

    public LoopState Loop { get; }

    public ListenerConfig Config { get; }

    public int Connections => _connections.Count;

    public int Names => _names.Count + (_inbound is null ? 0 : 1);

    /// <summary>Whether a response counts as a failure of its service.</summary>
    public static bool IsFailure(ServiceSpec spec, int status)
    {
        foreach (var range in spec.FailOn)
        {
            if (range.Contains(status))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A client has connected.</summary>
    public void OnAccepted(Connection connection)
    {
        Loop.Connections.DownstreamOpened();
        if (_connections.Count >= _maxConnections || _draining)
        {
            // Over the listener's bound: refusing this one keeps the others served.
            Loop.Connections.DownstreamClosed(connection);
            connection.Abort();
            return;
        }

        var server = new Http1ServerConnection(connection, this, _options);
        server.Tag = new Forwarding(this, server);
        _connections.Add(server);
        _ = RunAsync(server);
    }

    /// <summary>Completes when it drains and the last connection has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Joins its loop's housekeeping.</summary>
    public void Attach() => Loop.Add(this);

    /// <summary>Leaves its loop's housekeeping; its names are forgotten.</summary>
    public void Detach()
    {
        Loop.Remove(this);
        _names.RemoveWhere(_ => true);
        _inbound?.Retire();
    }

    /// <summary>Lets the connections end with the request that is under way on each.</summary>
    public void Drain()
    {
        _draining = true;
        EndDrain();
        foreach (var connection in _connections.ToArray())
        {
            connection.Drain();
        }
    }

    /// <summary>Ends the connections that are left.</summary>
    public void Abort()
    {
        foreach (var connection in _connections.ToArray())
        {
            connection.Connection.Abort();
        }
    }

    /// <summary>The request's logical name, with its policy and destination in the present world.</summary>
    public bool TryName(RequestHead request, [NotNullWhen(true)] out LogicalName? name, out ProxyError error)
    {
        error = default;
        var world = Loop.World;
        if (!ReferenceEquals(world, _world))
        {
            _world = world;
            _dtab = world.DtabOf(Config);
        }

        name = _inbound;
        if (name is not null)
        {
            name.Refresh(world, InboundDtab());
            return true;
        }

        // Between here and the use of the key nothing else runs on the loop.
        var length = NameKey.Write(Config.Identifiers, request, Loop.Loop.Scratch);
        var key = Loop.Loop.Scratch.AsSpan(0, Math.Max(length, 0));
        name = length < 0 ? null : _names.Find(key);
        if (name is null)
        {
            if (!TryIdentify(request, out name, out error))
            {
                return false;
            }

            if (length >= 0)
            {
                _names.Set(key, name);
            }
        }

        name.Refresh(world, _dtab);
        return true;
    }

    /// <summary>Waits until the name is resolved, for a bounded time.</summary>
    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder))]
    public async ValueTask WaitUntilBoundAsync(LogicalName name)
    {
        var until = Loop.Loop.NowMilliseconds + BindingMilliseconds;
        while (
            name.Destination is Destination.Nowhere { IsPending: true }
            && await Loop.Waiters.WaitAsync(until - Loop.Loop.NowMilliseconds)
        )
        {
            var world = Loop.World;
            name.Refresh(world, _inbound is null ? world.DtabOf(Config) : InboundDtab());
        }
    }

    /// <summary>Forgets names that nobody has asked for lately; keeps what the others lead to.</summary>
    public void Sweep()
    {
        var oldest = Loop.Loop.NowMilliseconds - NameIdleMilliseconds;
        _inbound?.KeepConcretes();
        _names.RemoveWhere(name =>
        {
            var idle = name.LastUsedMilliseconds < oldest;
            if (!idle)
            {
                name.KeepConcretes();
            }

            return idle;
        });
    }

    ValueTask IServerHandler.HandleAsync(ServerExchange exchange) => ((Forwarding)exchange.Tag!).ServeAsync();

    LocalResponse IServerHandler.OnRejected(ServerExchange exchange, RejectReason reason)
    {
        var error = new ProxyError(
            ErrorOf(reason),
            reason == RejectReason.HeadTimeout
                ? "the request's head did not arrive in time"
                : $"the request breaks a rule of its protocol ({reason})"
        );
        var status = Rejection.StatusOf(reason);
        Loop.UnboundSlots.Record(Loop.Shard, status, failed: status >= 500, 0);
        Loop.OnError(error, this, null, null);
        return ErrorBody.Of(error, status);
    }

    void IServerHandler.OnDefect(ServerExchange exchange, Exception exception) =>
        ((Forwarding)exchange.Tag!).OnDefect(exception);

    void IServerHandler.OnClosed(IServerConnection connection)
    {
        Loop.Connections.DownstreamClosed(connection.Connection);
        _connections.Remove(connection);
        EndDrain();
    }

    private void EndDrain()
    {
        if (_draining && _connections.Count == 0)
        {
            _drained.TrySetResult();
        }
    }

    private static async ValueTask RunAsync(Http1ServerConnection server)
    {
        try
        {
            await server.RunAsync();
        }
        catch (Exception e)
        {
            // A defect in the handling of one connection: it is closed, the others do not notice, and the log says it.
            ((Forwarding)server.Tag!).OnDefect(e);
        }
    }

    private static ErrorReason ErrorOf(RejectReason reason) =>
        Rejection.StatusOf(reason) switch
        {
            408 => ErrorReason.ClientTimeout,
            413 => ErrorReason.BodyTooLarge,
            414 => ErrorReason.UriTooLong,
            431 => ErrorReason.HeadersTooLarge,
            _ => ErrorReason.BadRequest,
        };

    /// <summary>The local application is an endpoint like any other.</summary>
    private Dtab InboundDtab() =>
        _inboundDtab ??= Dtab.Parse(
            $"{_inbound!.Text} => /$/inet/{Config.To!.Address}/{Config.To.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}"
        );

    private bool TryIdentify(RequestHead request, [NotNullWhen(true)] out LogicalName? name, out ProxyError error)
    {
        name = null;
        error = default;
        var path = RequestName.Of(Config.Identifiers, request);
        if (path is null)
        {
            error = new ProxyError(
                ErrorReason.NotIdentified,
                $"no name follows from the request; this listener looks at {Config.Identifiers}"
            );
            return false;
        }

        var local = RequestName.LocalDtab(request, out var syntax);
        if (syntax is not null)
        {
            error = new ProxyError(ErrorReason.BadDtab, syntax);
            return false;
        }

        name = new LogicalName(Loop, path, local);
        return true;
    }
}
