using System.Net;
using System.Text;
using Weft.Http;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One endpoint as one loop sees it: its load, its connections, and whether it takes any.</summary>
internal sealed partial class UpstreamEndpoint
{
    private readonly ConcreteName _name;
    private readonly LoopState _loop;
    private readonly ServiceSpec _spec;
    private readonly Http1Pool _http1;
    private Http2Pool? _http2;
    private ConnectionQueue? _queue;
    private string? _openFailure;
    private string? _refusal;

    public UpstreamEndpoint(ConcreteName name, LoopState loop, Weft.Naming.Endpoint endpoint)
    {
        _name = name;
        _loop = loop;
        _spec = name.Spec;
        _http1 = new Http1Pool(this, loop);
        Address = endpoint.Address;
        AddressText = endpoint.Address.ToString();
        Load = new EndpointLoad(endpoint.Weight, StableHash.Of(Encoding.ASCII.GetBytes(AddressText)));
        Protocol = EndpointProtocols.Of(endpoint, _spec);
    }

    public IPEndPoint Address { get; }

    public string AddressText { get; }

    public EndpointLoad Load { get; }

    /// <summary>What it is known to speak; <see cref="EndpointProtocol.Auto"/>: what its caller speaks.</summary>
    public EndpointProtocol Protocol { get; set; }

    /// <summary>Connections that are open, idle ones included.</summary>
    public int Open { get; private set; }

    public int IdleCount => _http1.Count + (_http2?.IdleCount ?? 0);

    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting => _queue?.Count ?? 0;

    /// <summary>Why it is out of service or on probation; null when it is neither.</summary>
    public string? DownBecause =>
        Load.Cause switch
        {
            null => null,
            EjectionCause.Connect => _refusal,
            EjectionCause.HealthCheck => $"its health check fails: {_checkFailure}",
            EjectionCause.SuccessRate => "too many of its calls fail",
            _ => "its calls failed one after the other",
        };

    /// <summary>It is no longer among its name's endpoints: its connections end with their requests.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>What is spoken to it for a request: what it is known to speak, otherwise what the caller does; after a CONNECT, neither.</summary>
    public WireProtocol ProtocolFor(RequestHead request) =>
        request.Method == RequestMethod.Connect ? WireProtocol.Tcp
        : Protocol == EndpointProtocol.Http1 ? WireProtocol.Http1
        : Protocol == EndpointProtocol.Http2 || request.Version == ProtocolVersion.Http2 ? WireProtocol.Http2
        : WireProtocol.Http1;

    /// <summary>An exchange on a connection that is open already; null when there is none to be had.</summary>
    public ClientExchange? TryTake(WireProtocol protocol) =>
        protocol switch
        {
            WireProtocol.Http1 => _http1.Take(),
            WireProtocol.Http2 => _http2?.Take(),
            _ => null,
        };

    /// <summary>
    /// Opens a connection or waits for one: until one is made or becomes free, but no longer than the pool's queue time.
    /// </summary>
    /// <param name="protocol">What will be spoken on it.</param>
    /// <param name="isFresh">One that has carried requests before will not do.</param>
    /// <param name="mayWait">Where all that may be open are in use, wait until one is free.</param>
    /// <param name="client">Whom it is for.</param>
    /// <param name="deadline">The loop's time in milliseconds at which nobody needs it any more.</param>
    public async LoopTask<Acquired> AcquireAsync(
        WireProtocol protocol,
        bool isFresh,
        bool mayWait,
        Connection client,
        long deadline
    )
    {
        var until = Math.Min(deadline, _loop.Loop.NowMilliseconds + (long)_spec.Pool.QueueTimeout.TotalMilliseconds);
        while (true)
        {
            if (!isFresh && TryTake(protocol) is { } taken)
            {
                return new Acquired(taken);
            }

            var isComing = protocol == WireProtocol.Http2 && _http2 is { IsOpening: true };
            if (!isComing && MakeRoom())
            {
                return protocol == WireProtocol.Http2
                    ? await OpenHttp2Async(deadline)
                    : await OpenOwnAsync(protocol, client, deadline);
            }

            if ((!isComing && !mayWait) || Waiting >= _spec.Pool.MaxPending)
            {
                return Acquired.Full;
            }

            _queue ??= new ConnectionQueue(_loop.Loop, _spec.Pool);
            switch (await _queue.WaitAsync(until - _loop.Loop.NowMilliseconds))
            {
                case QueueResult.Failed:
                    return Acquired.Refused(_openFailure!);
                case QueueResult.TimedOut:
                    return _loop.Loop.NowMilliseconds >= deadline ? Acquired.OutOfTime : Acquired.Full;
            }
        }
    }

    /// <summary>Takes an exchange back that has ended.</summary>
    public void Return(ClientExchange exchange, bool isReusable)
    {
        if (exchange is not Http1ClientConnection connection)
        {
            exchange.Close();
            if (exchange is TunnelConnection)
            {
                OnClosed(WireProtocol.Tcp);
            }

            return; // A stream's connection goes on with the others, and says when it has room.
        }

        if (!isReusable || IsRetired || _loop.IsStopping)
        {
            _http1.Discard(connection);
            return;
        }

        _http1.Add(connection);
        OnAvailable(1);
    }

    /// <summary>Closes connections that nobody has used for a while.</summary>
    public void Sweep(long nowMilliseconds) => _http1.Sweep(nowMilliseconds, (long)_spec.Pool.Idle.TotalMilliseconds); // HTTP/2 connections close themselves.

    /// <summary>It was taken out of service: whoever tries it next is to find out on a new connection.</summary>
    public void CloseIdle()
    {
        _http1.Clear();
        while (_http2 is not null && _http2.RetireIdle()) { }
    }

    /// <summary>The endpoint was withdrawn: idle connections close now, busy ones when their requests are done.</summary>
    public void Retire()
    {
        IsRetired = true;
        EndChecks();
        _http1.Clear();
        _http2?.Retire();
    }

    /// <summary>A connection has ended.</summary>
    public void OnClosed(WireProtocol protocol)
    {
        Open--;
        _loop.Connections.UpstreamClosed(protocol);
        OnAvailable(1);
    }

    /// <summary>There is room for so many more requests.</summary>
    public void OnAvailable(int count) => _queue?.Wake(count);

    /// <summary>Whether one more connection may be opened; an idle one that was passed over makes way for it.</summary>
    public bool MakeRoom()
    {
        if (Open >= _spec.Pool.MaxConnections && !_http1.DiscardOldest())
        {
            _http2?.RetireIdle();
        }

        return Open < _spec.Pool.MaxConnections;
    }

    /// <summary>Opens a connection that carries one exchange at a time.</summary>
    private async LoopTask<Acquired> OpenOwnAsync(WireProtocol protocol, Connection client, long deadline)
    {
        var isForOne = protocol == WireProtocol.Tcp;
        var (connection, failure) = await OpenAsync(protocol, deadline, isForOne ? client : null);
        return connection is null ? Acquired.Refused(failure!)
            : isForOne ? new Acquired(new TunnelConnection(connection))
            : new Acquired(new Http1ClientConnection(connection, _loop.ResponseLimits));
    }

    /// <summary>Opens a connection that those who come meanwhile wait for, instead of opening one each.</summary>
    private async LoopTask<Acquired> OpenHttp2Async(long deadline)
    {
        _http2 ??= new Http2Pool(this, _loop, _spec.Pool.Idle, _spec.Timeouts.Idle);
        _http2.IsOpening = true;
        var (connection, failure) = await OpenAsync(WireProtocol.Http2, deadline, onBehalfOf: null);
        _http2.IsOpening = false;
        if (connection is null)
        {
            _openFailure = failure!;
            if (_loop.Loop.NowMilliseconds < deadline)
            {
                _queue?.FailAll();
            }
            else
            {
                OnAvailable(1); // This request was in a hurry; the next one tries with its own time.
            }

            return Acquired.Refused(failure!);
        }

        var client = _http2.Begin(connection);
        var stream = client.TryOpenStream();
        if (IsRetired)
        {
            _http2.Retire();
        }

        // One more than has room: it opens the next connection.
        OnAvailable(client.MaxStreams);
        return stream is null ? Acquired.Refused("the connection ended as it began") : new Acquired(stream);
    }
}
