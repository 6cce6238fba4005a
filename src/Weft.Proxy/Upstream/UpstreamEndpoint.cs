using System.Net;
using Weft.Http;
using Weft.Net;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One endpoint as one loop sees it: its load, its connections, and whether it takes any.</summary>
internal sealed partial class UpstreamEndpoint : IConnectionWatcher
{
    // How long an endpoint that refused a connection is left alone: doubled with each refusal in a row.
    private const long FirstPauseMilliseconds = 500;
    private const long LongestPauseMilliseconds = 30_000;

    private readonly LoopState _loop;
    private readonly ServiceSpec _spec;
    private readonly List<Idle> _idle = [];
    private readonly ReviveTimer _revive;
    private int _refusals;

    public UpstreamEndpoint(LoopState loop, IPEndPoint address, double weight, ServiceSpec spec)
    {
        _loop = loop;
        _spec = spec;
        Address = address;
        AddressText = address.ToString();
        Load = new EndpointLoad(weight);
        _revive = new ReviveTimer(this);
    }

    public IPEndPoint Address { get; }

    public string AddressText { get; }

    public EndpointLoad Load { get; }

    /// <summary>Connections that are open, idle ones included.</summary>
    public int Open { get; private set; }

    public int IdleCount => _idle.Count;

    /// <summary>Why it gets no traffic; null when it does.</summary>
    public string? DownBecause { get; private set; }

    /// <summary>It is no longer among its name's endpoints: its connections end with their requests.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>An idle connection that is, as far as can be known, still good; null when there is none.</summary>
    public Http1ClientConnection? TakeIdle()
    {
        while (_idle.Count > 0)
        {
            var connection = _idle[^1].Connection;
            _idle.RemoveAt(_idle.Count - 1);
            connection.Connection.Watcher = null;
            if (!connection.Connection.IsClosed && !connection.Connection.HasArrived)
            {
                return connection;
            }

            Discard(connection);
        }

        return null;
    }

    /// <summary>Whether one more connection may be opened; an idle one that was passed over makes way for it.</summary>
    public bool MakeRoom()
    {
        if (Open >= _spec.Pool.MaxConnections && _idle.Count > 0)
        {
            var oldest = _idle[0].Connection;
            _idle.RemoveAt(0);
            Discard(oldest);
        }

        return Open < _spec.Pool.MaxConnections;
    }

    /// <summary>Opens a connection, or says why there is none.</summary>
    /// <param name="deadline">The loop's time in milliseconds at which nobody needs it any more.</param>
    public async ValueTask<(Http1ClientConnection? Connection, string? Failure)> ConnectAsync(long deadline)
    {
        var (connection, failure) = await OpenAsync(WireProtocol.Http1, deadline, onBehalfOf: null);
        return (connection is null ? null : new Http1ClientConnection(connection, _loop.ResponseLimits), failure);
    }

    /// <summary>Takes a connection back whose exchange has ended.</summary>
    public void Return(Http1ClientConnection connection, bool reusable)
    {
        if (!reusable || IsRetired || _loop.IsStopping)
        {
            Discard(connection);
            return;
        }

        connection.Connection.Watcher = this;
        _idle.Add(new Idle(connection, _loop.Loop.NowMilliseconds));
    }

    /// <summary>Closes connections that nobody has used for a while.</summary>
    public void Sweep(long nowMilliseconds)
    {
        var limit = (long)_spec.Pool.Idle.TotalMilliseconds;
        var stale = 0;
        while (stale < _idle.Count && nowMilliseconds - _idle[stale].SinceMilliseconds >= limit)
        {
            Discard(_idle[stale++].Connection);
        }

        _idle.RemoveRange(0, stale);
    }

    /// <summary>The endpoint was withdrawn: idle connections close now, busy ones when their requests are done.</summary>
    public void Retire()
    {
        IsRetired = true;
        TimerWheel.Clear(_revive);
        foreach (var idle in _idle)
        {
            Discard(idle.Connection);
        }

        _idle.Clear();
    }

    void IConnectionWatcher.OnArrived(Connection connection) => RemoveIdle(connection);

    void IConnectionWatcher.OnLost(Connection connection) => RemoveIdle(connection);

    /// <summary>An idle connection has nothing to say: an end, a reset and unasked-for bytes all make it useless.</summary>
    private void RemoveIdle(Connection connection)
    {
        var index = _idle.FindIndex(i => i.Connection.Connection == connection);
        if (index >= 0)
        {
            var idle = _idle[index].Connection;
            _idle.RemoveAt(index);
            Discard(idle);
        }
    }

    private void Discard(Http1ClientConnection connection)
    {
        Open--;
        connection.Connection.Watcher = null;
        _loop.Connections.UpstreamClosed();
        connection.Close();
    }

    private void OnRefused(string failure)
    {
        DownBecause = failure;
        if (!Load.Available)
        {
            // One of several that were tried at once, or tried for lack of a better one: it is down once, not many times.
            return;
        }

        Load.Available = false;
        var pause = FirstPauseMilliseconds << Math.Min(_refusals, 10);
        _refusals++;
        // Jittered from the first on, so that proxies do not come back in step.
        var jittered = Math.Min(pause, LongestPauseMilliseconds) * (0.5 + (_loop.Random.NextDouble() / 2));
        if (!IsRetired)
        {
            _loop.Loop.SetTimer(_revive, (long)jittered);
        }
    }

    private void OnAccepted()
    {
        _refusals = 0;
        DownBecause = null;
        Load.Available = true;
        TimerWheel.Clear(_revive);
    }

    private readonly record struct Idle(Http1ClientConnection Connection, long SinceMilliseconds);

    private sealed class ReviveTimer(UpstreamEndpoint endpoint) : LoopTimer
    {
        // The next pick may try it; its refusal count stands until a connection succeeds.
        protected override void OnDue() => endpoint.Load.Available = true;
    }
}
