using Weft.Http;
using Weft.Naming;
using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>
/// The way of a connection whose bytes are passed on as they are, to one endpoint and back.
/// <code>
/// 1 bind     wait while the name is not resolved yet                          ListenerLoop
/// 2 balance  logical name to concrete name to endpoint                        Destination, ConcreteName
/// 3 connect  to one endpoint after another, until one has taken it            UpstreamEndpoint
/// 4 relay    the bytes that were read, then both ways until both have ended   Relay
/// </code>
/// </summary>
internal sealed class TcpConnection : IServerConnection, IConnectionWatcher, IRelayObserver
{
    // A name that is still not resolved after this long, or whose endpoints are not known, ends the connection.
    private const long BindingMilliseconds = 10_000;

    // Endpoints that are tried before the client is told.
    private const int MaxAttempts = 3;

    // Of an endpoint that was connected to; there is none in these bytes that could be told.
    private const int StatusConnected = 0;

    private readonly ListenerLoop _listener;
    private readonly LoopState _loop;
    private readonly LogicalName _name;
    private readonly EndpointLoad[] _tried = new EndpointLoad[MaxAttempts];
    private byte[]? _received;
    private readonly int _receivedCount;
    private Connection? _upstream;
    private Call _call;
    private long _connectNanoseconds;
    private bool _clientLost;
    private bool _endpointLost;

    /// <summary>Makes it; <see cref="RunAsync"/> begins it.</summary>
    /// <param name="connection">The client's.</param>
    /// <param name="listener">Where it came in.</param>
    /// <param name="name">Where it goes to.</param>
    /// <param name="received">What was read of the connection to find out what it is.</param>
    public TcpConnection(Connection connection, ListenerLoop listener, LogicalName name, ReadOnlySpan<byte> received)
    {
        Connection = connection;
        _listener = listener;
        _loop = listener.Loop;
        _name = name;
        if (!received.IsEmpty)
        {
            _received = Loop.Buffers.Rent(received.Length);
            received.CopyTo(_received);
            _receivedCount = received.Length;
        }
    }

    public Connection Connection { get; }

    private EventLoop Loop => _loop.Loop;

    private bool IsOver => _clientLost || Connection.IsClosed;

    public async LoopTask RunAsync()
    {
        try
        {
            Connection.Watcher = this;
            var failure = await ConnectAsync();
            Connection.Watcher = null;
            if (failure is { } error)
            {
                // A reset, so that the client does not take it for an empty answer.
                _loop.OnError(error, _name.Slots, _listener, _name.Text, null);
                Connection.Abort();
            }
            else if (_upstream is not null)
            {
                await RelayAsync(_upstream);
            }
        }
        finally
        {
            Forget();
            Release();
        }
    }

    /// <summary>It ends when its two sides end it: what they say to each other has no end that could be seen from here.</summary>
    public void Drain() { }

    void IRelayObserver.OnMoved()
    {
        _loop.Connections.CountDownstream(Connection, WireProtocol.Tcp);
        _loop.Connections.CountUpstream(_upstream!, WireProtocol.Tcp);
    }

    void IConnectionWatcher.OnArrived(Connection connection)
    {
        // More bytes, or all that the client will send: both can wait until there is somebody to pass them on to.
    }

    void IConnectionWatcher.OnLost(Connection connection) => _clientLost = true;

    /// <summary>1 to 3: null when there is a connection, or nobody to have one.</summary>
    private async LoopTask<ProxyError?> ConnectAsync()
    {
        var until = Loop.NowMilliseconds + BindingMilliseconds;
        while (_name.Destination is Destination.Nowhere { IsPending: true } && !IsOver)
        {
            if (!await _listener.WaitForChangeAsync(_name, until))
            {
                break;
            }
        }

        ProxyError? last = null;
        for (var attempt = 0; attempt < MaxAttempts && !IsOver; )
        {
            var chosen = _name.Destination.Choose(_loop.Random);
            if (chosen is not Destination.Leaf leaf)
            {
                return ((Destination.Nowhere)chosen).Error;
            }

            var concrete = leaf.Name;
            concrete.Refresh(_loop.World);
            var started = Loop.NowNanoseconds;
            if (!concrete.TryStart(started, key: null, _tried.AsSpan(0, attempt), out var call))
            {
                var mayCome = last is null && concrete.Known is EndpointSet.Pending;
                if (mayCome && await _listener.WaitForChangeAsync(_name, until))
                {
                    continue;
                }

                return last ?? Forwarding.NoEndpoints(concrete);
            }

            last = await TryAsync(leaf, call, attempt, started);
            if (last is null)
            {
                return null;
            }

            _tried[attempt++] = call.Endpoint.Load;
        }

        return IsOver ? null : last;
    }

    /// <summary>3: null when it is connected.</summary>
    private async LoopTask<ProxyError?> TryAsync(Destination.Leaf leaf, Call call, int attempt, long started)
    {
        ProxyError error;
        var (concrete, endpoint) = (call.Name, call.Endpoint);
        if (endpoint.MakeRoom())
        {
            var (connection, failure) = await endpoint.OpenAsync(WireProtocol.Tcp, long.MaxValue, Connection);
            _connectNanoseconds = Loop.NowNanoseconds - started;
            if (connection is not null)
            {
                leaf.Slots.Record(_loop.Shard, StatusConnected, null, failed: false, attempt > 0, _connectNanoseconds);
                (_upstream, _call) = (connection, call);
                return null;
            }

            error = new ProxyError(
                ErrorReason.ConnectFailed,
                $"connecting to {endpoint.AddressText} of {concrete.Label}: {failure}"
            );
            call.Finish(Loop.NowNanoseconds, _connectNanoseconds, CallOutcome.Failure);
        }
        else
        {
            error = new ProxyError(
                ErrorReason.Overloaded,
                $"all {concrete.Spec.Pool.MaxConnections} connections to {endpoint.AddressText} of {concrete.Label} are in use"
            );
            call.Finish(Loop.NowNanoseconds, 0, CallOutcome.Ignored);
        }

        leaf.Slots.Record(
            _loop.Shard,
            error.Reason.Status(),
            null,
            failed: true,
            attempt > 0,
            Loop.NowNanoseconds - started
        );
        return error;
    }

    /// <summary>4.</summary>
    private async LoopTask RelayAsync(Connection upstream)
    {
        var sent = IsOver || _received is null || await upstream.WriteAsync(_received.AsMemory(0, _receivedCount));
        Release();
        if (!sent || IsOver)
        {
            _endpointLost = !sent;
            Connection.Abort();
            upstream.Abort();
            return;
        }

        var idle = (long)_call.Name.Spec.Timeouts.TcpIdle.TotalMilliseconds;
        _endpointLost = await new Relay(Connection, upstream, idle, this).RunAsync() == RelayEnd.SecondBroke;
    }

    /// <summary>The endpoint is done with this connection, if it ever had it.</summary>
    private void Forget()
    {
        if (_upstream is not { } upstream)
        {
            return;
        }

        // One that took the connection and broke it before it had said a word did not do its work.
        var failed = upstream.BytesIn == 0 && _endpointLost;
        _call.Finish(Loop.NowNanoseconds, _connectNanoseconds, failed ? CallOutcome.Failure : CallOutcome.Success);
        upstream.Abort(); // Without effect after a clean end: the relay has closed it, and what is on its way arrives.
        _call.Endpoint.OnClosed(upstream, WireProtocol.Tcp);
    }

    private void Release()
    {
        if (_received is not null)
        {
            Loop.Buffers.Return(_received);
            _received = null;
        }
    }
}
