using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// The HTTP/2 connections of one endpoint: as few as the number of streams that it allows on each makes necessary. The first that has room
/// gets the next request, so that those which are not needed any more become idle and close.
/// </summary>
internal sealed class Http2Pool : IHttp2ClientWatcher
{
    private const int HeadMilliseconds = 10_000;

    // A peer that is frozen or cut off says nothing: so long after its last frame it is asked whether it still lives.
    private const int PingMilliseconds = 10_000;

    // What the endpoint itself allows decides; this bounds what one connection may hold in memory.
    private const int MaxStreams = 1000;

    private readonly UpstreamEndpoint _endpoint;
    private readonly LoopState _loop;
    private readonly Http2Options _options;
    private readonly List<Http2ClientConnection> _usable = [];

    // What the endpoint allowed on the last connection that has said so: most likely it allows the same on the next.
    private int _known = 100;

    public Http2Pool(UpstreamEndpoint endpoint, LoopState loop, TimeSpan idle, TimeSpan stall)
    {
        _endpoint = endpoint;
        _loop = loop;
        _options = new Http2Options(loop.ResponseLimits, (int)idle.TotalMilliseconds, HeadMilliseconds)
        {
            MaxConcurrentStreams = MaxStreams,
            PingMilliseconds = PingMilliseconds,
            SendMilliseconds = (int)stall.TotalMilliseconds,
        };
    }

    /// <summary>A connection is being made that others may wait for.</summary>
    public bool IsOpening { get; set; }

    /// <summary>Connections on which nothing is under way.</summary>
    public int IdleCount
    {
        get
        {
            var count = 0;
            foreach (var connection in _usable)
            {
                count += connection.ActiveStreams == 0 ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>A stream on a connection that is open; null when none has room.</summary>
    public Http2ClientStream? Take()
    {
        foreach (var connection in _usable)
        {
            if (connection.TryOpenStream() is { } stream)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>Begins HTTP/2 on a new connection.</summary>
    public Http2ClientConnection Begin(Connection connection)
    {
        var client = new Http2ClientConnection(connection, _options) { Watcher = this, AssumedStreams = _known };
        _usable.Add(client);
        _ = RunAsync(client); // Every end of it is handled there.
        return client;
    }

    /// <summary>Lets one connection go that nobody uses; false when there is none.</summary>
    public bool RetireIdle()
    {
        foreach (var connection in _usable)
        {
            if (connection.ActiveStreams == 0)
            {
                _usable.Remove(connection);
                connection.Retire();
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets all connections end with their last streams.</summary>
    public void Retire()
    {
        var usable = _usable.ToArray();
        _usable.Clear();
        foreach (var connection in usable)
        {
            connection.Retire();
        }
    }

    void IHttp2ClientWatcher.OnAvailable(Http2ClientConnection connection)
    {
        if (connection.HasSettings)
        {
            _known = Math.Max(1, connection.MaxStreams);
        }

        _endpoint.OnAvailable(connection.MaxStreams - connection.ActiveStreams);
    }

    void IHttp2ClientWatcher.OnUnusable(Http2ClientConnection connection)
    {
        _usable.Remove(connection);
        _endpoint.OnAvailable(1);
    }

    private async LoopTask RunAsync(Http2ClientConnection connection)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception e)
        {
            _loop.OnDefect(e, _endpoint.AddressText);
        }
        finally
        {
            _usable.Remove(connection);
            _endpoint.OnClosed(WireProtocol.Http2);
        }
    }
}
