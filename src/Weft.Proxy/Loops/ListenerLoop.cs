using System.Diagnostics.CodeAnalysis;
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

    /// <summary>What serves requests is kept for the next ones, up to so many of them at once.</summary>
    private const int MaxFree = 1024;

    private const long NameIdleMilliseconds = 600_000;

    private readonly BoundedByteMap<LogicalName> _names;
    private readonly HashSet<DownstreamConnection> _connections = [];
    private readonly Stack<Forwarding> _free = [];
    private readonly int _loops;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DownstreamOptions _options = null!;
    private int _maxConnections;

    // Of an inbound listener: all that it takes. Of an outbound one: where connections go that carry no name.
    private LogicalName? _fixed;
    private World? _world;

    // Null until a world knows the listener: its sockets are open a moment before.
    private Dtab? _dtab;
    private bool _draining;
    private bool _sealed;

    /// <summary>Makes one that has no connections yet.</summary>
    /// <param name="loop">The loop that it belongs to.</param>
    /// <param name="config">Its settings; a later world may bring others.</param>
    /// <param name="loops">How many loops share the listener.</param>
    /// <param name="seed">Of the table of names.</param>
    public ListenerLoop(LoopState loop, ListenerConfig config, int loops, ulong seed)
    {
        Loop = loop;
        _loops = loops;
        _names = new BoundedByteMap<LogicalName>(MaxNames, seed, name => name.Retire());
        Config = config;
        Take(config);
    }

    public LoopState Loop { get; }

    /// <summary>Its settings in the present world; of a world that does not know it any more, the last ones.</summary>
    public ListenerConfig Config { get; private set; }

    public int Connections => _connections.Count;

    /// <summary>The names that are remembered.</summary>
    public IEnumerable<LogicalName> Known => _fixed is null ? _names.Values : [_fixed, .. _names.Values];

    public int Names => _names.Count + (_fixed is null ? 0 : 1);

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
        Refresh();
        if (_connections.Count >= _maxConnections)
        {
            // Over the listener's bound: refusing this one keeps the others served.
            Loop.Connections.DownstreamRefused(connection);
            connection.Abort();
            return;
        }

        var downstream = new DownstreamConnection(connection, this, _options);
        _connections.Add(downstream);
        _ = downstream.RunAsync();
        if (_draining)
        {
            downstream.Drain();
        }
    }

    /// <summary>A client's connection has ended.</summary>
    public void OnEnded(DownstreamConnection connection)
    {
        _connections.Remove(connection);
        EndDrain();
    }

    /// <summary>Completes when no connection can come any more and the last one has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Joins its loop's housekeeping.</summary>
    public void Attach() => Loop.Add(this);

    /// <summary>Leaves its loop's housekeeping; its names are forgotten.</summary>
    public void Detach()
    {
        Loop.Remove(this);
        _names.RemoveWhere(_ => true);
        _fixed?.Retire();
    }

    /// <summary>Lets the connections end with the request that is under way on each.</summary>
    public void Drain()
    {
        _draining = true;
        foreach (var connection in _connections.ToArray())
        {
            connection.Drain();
        }
    }

    /// <summary>No connection comes any more: the last one that ends completes <see cref="Drained"/>.</summary>
    public void Seal()
    {
        _sealed = true;
        EndDrain();
    }

    /// <summary>Ends the connections that are left.</summary>
    public void Abort()
    {
        foreach (var connection in _connections.ToArray())
        {
            connection.Abort();
        }
    }

    /// <summary>The request's logical name, with its policy and destination in the present world.</summary>
    public bool TryName(RequestHead request, [NotNullWhen(true)] out LogicalName? name, out ProxyError error)
    {
        error = default;
        var world = Refresh();
        name = Config.Kind == ListenerKind.Inbound ? _fixed : null;
        if (name is not null)
        {
            Refresh(name, world);
            return true;
        }

        // Between here and the use of the key nothing else runs on the loop.
        var length = NameKey.Write(Config.Identifiers, request, Loop.Loop.Scratch.AsSpan(0, NameKey.MaxBytes));
        if (length < 0)
        {
            error = TooLong(request);
            return false;
        }

        var key = Loop.Loop.Scratch.AsSpan(0, length);
        name = _names.Find(key);
        if (name is null)
        {
            if (!TryIdentify(request, out name, out error))
            {
                return false;
            }

            _names.Set(key, name);
        }

        Refresh(name, world);
        return true;
    }

    /// <summary>
    /// The name of a connection that carries none but, over TLS, the host that it asks for: that one on an outbound listener, otherwise the
    /// listener's own; null when there is neither.
    /// </summary>
    /// <param name="host">As the client wrote it; empty when there is none.</param>
    public LogicalName? NameOf(ReadOnlySpan<byte> host)
    {
        var world = Refresh();
        Span<byte> key = stackalloc byte[HostName.MaxKeyBytes];
        var length = Config.Kind == ListenerKind.Outbound ? HostName.WriteKey(host, key) : 0;
        var name = length == 0 ? _fixed : _names.Find(key[..length]);
        if (name is null && length > 0)
        {
            name = new LogicalName(Loop, HostName.PathOf(key[..length]), null);
            _names.Set(key[..length], name);
        }

        if (name is not null)
        {
            Refresh(name, world);
        }

        return name;
    }

    /// <summary>Waits until the world has changed, and brings the name up to date; false when the time is up before.</summary>
    /// <param name="name">One of this listener's.</param>
    /// <param name="until">In the loop's milliseconds.</param>
    public async LoopTask<bool> WaitForChangeAsync(LogicalName name, long until)
    {
        if (!await Loop.Waiters.WaitAsync(until - Loop.Loop.NowMilliseconds))
        {
            return false;
        }

        BringUpToDate(name);
        return true;
    }

    /// <summary>Works a name's destination out anew when the world has changed.</summary>
    /// <param name="name">One of this listener's.</param>
    public void BringUpToDate(LogicalName name) => Refresh(name, Refresh());

    /// <summary>Forgets names that nobody has asked for lately; keeps what the others lead to.</summary>
    public void Sweep()
    {
        var oldest = Loop.Loop.NowMilliseconds - NameIdleMilliseconds;
        _fixed?.KeepConcretes();
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

    LoopTask IServerHandler.HandleAsync(ServerExchange exchange)
    {
        var client = (ServedClient)(exchange.Tag ??= new ServedClient());
        var forwarding = _free.TryPop(out var used) ? used : new Forwarding(this);
        client.Forwarding = forwarding;
        forwarding.Begin(exchange, client);
        return forwarding.ServeAsync();
    }

    void IServerHandler.OnHandled(ServerExchange exchange)
    {
        var client = (ServedClient)exchange.Tag!;
        var forwarding = client.Forwarding!;
        client.Forwarding = null;
        forwarding.Release();
        if (_free.Count < MaxFree)
        {
            _free.Push(forwarding);
        }
    }

    LocalResponse IServerHandler.OnRejected(ServerExchange exchange, RejectReason reason)
    {
        var error = new ProxyError(
            ErrorOf(reason),
            reason == RejectReason.HeadTimeout
                ? "the request's head did not arrive in time"
                : $"the request breaks a rule of its protocol ({reason})"
        );
        var status = Rejection.StatusOf(reason);
        Loop.UnboundSlots.Record(Loop.Shard, status, grpc: null, failed: status >= 500, 0);
        Loop.OnError(error, Loop.UnboundSlots, this, null, null);
        return ErrorBody.Of(error, status);
    }

    void IServerHandler.OnDefect(ServerExchange exchange, Exception exception) => Loop.OnDefect(exception, Config.Name);

    void IServerHandler.OnClosed(IServerConnection connection)
    {
        if (connection is Http2ServerConnection http2 && Http2Ends.ErrorOf(http2.EndReason) is { } error)
        {
            Loop.OnError(error, Loop.UnboundSlots, this, null, null);
        }
    }

    private void EndDrain()
    {
        if (_sealed && _connections.Count == 0)
        {
            _drained.TrySetResult();
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

    /// <summary>
    /// The present world, with the settings that it has for this listener: both change together, so that no request sees a part of each. A
    /// listener that the world does not know any more ends as it was.
    /// </summary>
    private World Refresh()
    {
        var world = Loop.World;
        if (ReferenceEquals(world, _world))
        {
            return world;
        }

        _world = world;
        if (world.FindListener(Config.Name) is { } config && config.Kind == Config.Kind)
        {
            if (!ReferenceEquals(config, Config))
            {
                Take(config);
            }

            _dtab = config.Kind == ListenerKind.Inbound ? DtabTo(config) : world.DtabOf(config);
        }

        return world;
    }

    private void Refresh(LogicalName name, World world)
    {
        if (_dtab is not null)
        {
            name.Refresh(world, _dtab);
        }
    }

    /// <summary>Connections that are open keep the bounds and times with which they began; the rest is in force at once.</summary>
    private void Take(ListenerConfig config)
    {
        var isKnown = _options is not null;
        var namesStay = isKnown && config.Identifiers.Equals(Config.Identifiers) && config.Service == Config.Service;
        Config = config;
        _maxConnections = Math.Max(1, (config.Limits.Connections + _loops - 1) / _loops);
        _options = DownstreamOptions.Of(config);
        if (namesStay)
        {
            return;
        }

        _names.RemoveWhere(_ => true);
        _fixed?.Retire();
        _fixed = config.Service is null ? null : new LogicalName(Loop, Path.Parse($"/svc/{config.Service}"), null);
    }

    /// <summary>The local application is an endpoint like any other.</summary>
    private static Dtab DtabTo(ListenerConfig config) =>
        Dtab.Parse($"/svc/{config.Service} => /$/inet/{config.To!.Address}/{config.To.Port}");

    private static ProxyError TooLong(RequestHead request) =>
        new(
            request.Find(KnownHeader.WeftDtab) >= 0 || request.Find(KnownHeader.L5dDtab) >= 0
                ? ErrorReason.BadDtab
                : ErrorReason.NotIdentified,
            $"what the request's name and its dtab follow from is longer than {NameKey.MaxBytes} bytes"
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
