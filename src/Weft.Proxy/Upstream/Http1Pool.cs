using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>The HTTP/1.1 connections of one endpoint that wait for their next request, the latest on top.</summary>
internal sealed class Http1Pool(UpstreamEndpoint endpoint, LoopState loop) : IConnectionWatcher
{
    private readonly List<Idle> _idle = [];

    public int Count => _idle.Count;

    /// <summary>A connection that is, as far as can be known, still good; null when there is none.</summary>
    public Http1ClientConnection? Take()
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

    /// <summary>Takes a connection whose exchange has ended and which can carry another.</summary>
    public void Add(Http1ClientConnection connection)
    {
        connection.Connection.Watcher = this;
        _idle.Add(new Idle(connection, loop.Loop.NowMilliseconds));
    }

    /// <summary>Closes the one that has waited longest; false when there is none.</summary>
    public bool DiscardOldest()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        var oldest = _idle[0].Connection;
        _idle.RemoveAt(0);
        Discard(oldest);
        return true;
    }

    /// <summary>Closes those that have waited for so long that nobody needs them.</summary>
    public void Sweep(long nowMilliseconds, long limitMilliseconds)
    {
        var stale = 0;
        while (stale < _idle.Count && nowMilliseconds - _idle[stale].SinceMilliseconds >= limitMilliseconds)
        {
            Discard(_idle[stale++].Connection);
        }

        _idle.RemoveRange(0, stale);
    }

    /// <summary>Closes all of them.</summary>
    public void Clear()
    {
        foreach (var idle in _idle)
        {
            Discard(idle.Connection);
        }

        _idle.Clear();
    }

    /// <summary>Closes a connection that is not among those that wait.</summary>
    public void Discard(Http1ClientConnection connection)
    {
        connection.Connection.Watcher = null;
        connection.Close();
        endpoint.OnClosed(WireProtocol.Http1);
    }

    void IConnectionWatcher.OnArrived(Connection connection) => Remove(connection);

    void IConnectionWatcher.OnLost(Connection connection) => Remove(connection);

    /// <summary>An idle connection has nothing to say: an end, a reset and unasked-for bytes all make it useless.</summary>
    private void Remove(Connection connection)
    {
        var index = _idle.FindIndex(i => i.Connection.Connection == connection);
        if (index >= 0)
        {
            var idle = _idle[index].Connection;
            _idle.RemoveAt(index);
            Discard(idle);
        }
    }

    private readonly record struct Idle(Http1ClientConnection Connection, long SinceMilliseconds);
}
