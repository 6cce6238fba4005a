using Weft.Net;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One listening address on all loops. What becomes of its connections can change while its sockets stay open.</summary>
internal sealed class ListenerGroup
{
    private readonly Random _random;
    private readonly List<ListenerLoop> _retiring = [];
    private ListenerLoop[] _current;
    private Listener? _socket;

    public ListenerGroup(LoopState[] loops, ListenerConfig config, Random random)
    {
        _random = random;
        Config = config;
        _current = Make(loops, config);
    }

    /// <summary>The latest settings; the loops take theirs from the world.</summary>
    public ListenerConfig Config { get; set; }

    public System.Net.IPEndPoint? LocalEndPoint => _socket?.LocalEndPoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public void Open(LoopGroup group)
    {
        _socket = group.Listen(
            Config.Address,
            connection => Volatile.Read(ref _current)[connection.Loop.Index].OnAccepted(connection)
        );
        Post(_current, static l => l.Attach());
    }

    /// <summary>
    /// Becomes another listener on the same sockets: new connections belong to it at once, those that are open end with the request under way
    /// on each.
    /// </summary>
    public void Replace(LoopState[] loops, ListenerConfig config)
    {
        var old = _current;
        var next = Make(loops, config);
        Post(next, static l => l.Attach());
        Config = config;
        Volatile.Write(ref _current, next);
        _retiring.RemoveAll(l => l.Drained.IsCompleted);
        _retiring.AddRange(old);
        _ = RetireAsync(old);
    }

    /// <summary>Stops listening and lets the connections end; completes when the last one has, or when <paramref name="limit"/> is over.</summary>
    public async Task CloseAsync(TimeSpan limit, TimeProvider time)
    {
        // Told before the sockets close: whoever finds the port closed can rely on it that the open connections are ending.
        Post(_current, static l => l.Drain());
        if (_socket is not null)
        {
            await _socket.CloseAsync();
        }

        var drained = Task.WhenAll([RetireAsync(_current), .. _retiring.Select(l => l.Drained)]);
        try
        {
            await drained.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            Post([.. _current, .. _retiring], static l => l.Abort());
        }
    }

    private static async Task RetireAsync(ListenerLoop[] listeners)
    {
        Post(listeners, static l => l.Drain());
        Post(listeners, static l => l.Seal());
        await Task.WhenAll(listeners.Select(l => l.Drained));
        Post(listeners, static l => l.Detach());
    }

    private static void Post(ListenerLoop[] listeners, Action<ListenerLoop> action)
    {
        foreach (var listener in listeners)
        {
            listener.Loop.Loop.Post(l => action((ListenerLoop)l!), listener);
        }
    }

    private ListenerLoop[] Make(LoopState[] loops, ListenerConfig config) =>
        [.. loops.Select(l => new ListenerLoop(l, config, loops.Length, (ulong)_random.NextInt64()))];
}
