using Weft.Net;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One listener on all loops. Its settings can be replaced while its sockets stay open.</summary>
internal sealed class ListenerGroup
{
    private readonly LoopState[] _loops;
    private readonly Random _random;
    private ListenerLoop[] _current;
    private Listener? _socket;

    public ListenerGroup(LoopState[] loops, ListenerConfig config, Random random)
    {
        _loops = loops;
        _random = random;
        _current = Make(config);
    }

    public ListenerConfig Config => _current[0].Config;

    public System.Net.IPEndPoint? LocalEndPoint => _socket?.LocalEndPoint;

    public IReadOnlyList<ListenerLoop> Current => _current;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public void Open(LoopGroup group)
    {
        Attach(_current);
        _socket = group.Listen(
            Config.Address,
            connection => Volatile.Read(ref _current)[connection.Loop.Index].OnAccepted(connection)
        );
    }

    /// <summary>Takes other settings: new connections have them at once, those that are open end with the request under way on each.</summary>
    public void Replace(ListenerConfig config)
    {
        var old = _current;
        var next = Make(config);
        Attach(next);
        Volatile.Write(ref _current, next);
        _ = RetireAsync(old);
    }

    /// <summary>Stops listening and lets the connections end; completes when the last one has, or when <paramref name="limit"/> is over.</summary>
    public async Task CloseAsync(TimeSpan limit, TimeProvider time)
    {
        if (_socket is not null)
        {
            await _socket.CloseAsync();
        }

        var drained = RetireAsync(_current);
        try
        {
            await drained.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            foreach (var listener in _current)
            {
                listener.Loop.Loop.Post(static l => ((ListenerLoop)l!).Abort(), listener);
            }
        }
    }

    private static async Task RetireAsync(ListenerLoop[] listeners)
    {
        foreach (var listener in listeners)
        {
            listener.Loop.Loop.Post(static l => ((ListenerLoop)l!).Drain(), listener);
        }

        await Task.WhenAll(listeners.Select(l => l.Drained));
        foreach (var listener in listeners)
        {
            listener.Loop.Loop.Post(static l => ((ListenerLoop)l!).Detach(), listener);
        }
    }

    private static void Attach(ListenerLoop[] listeners)
    {
        foreach (var listener in listeners)
        {
            listener.Loop.Loop.Post(static l => ((ListenerLoop)l!).Attach(), listener);
        }
    }

    private ListenerLoop[] Make(ListenerConfig config)
    {
        var share = Math.Max(1, (config.Limits.Connections + _loops.Length - 1) / _loops.Length);
        return [.. _loops.Select(l => new ListenerLoop(l, config, share, (ulong)_random.NextInt64()))];
    }
}
