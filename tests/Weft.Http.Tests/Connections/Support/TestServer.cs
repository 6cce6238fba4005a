using System.Net;
using Weft.Net;

namespace Weft.Http.Tests.Connections;

/// <summary>
/// Server connections on a loop, behind a listener. When it is disposed of, every connection must have ended or end with its peer, and every
/// buffer must be back.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const int IdleMilliseconds = 60_000;
    public const int HeadMilliseconds = 10_000;

    public static readonly ServerOptions Defaults = new(HeadLimits.Default, IdleMilliseconds, HeadMilliseconds);

    private readonly TestLoop _loop;
    private readonly Listener _listener;
    private readonly List<RawPeer> _peers = [];

    public TestServer(Transport transport, Func<ServerExchange, LoopTask> serve, ServerOptions? options = null)
    {
        _loop = new TestLoop(transport);
        Handler = new TestHandler(serve);
        _listener = _loop.Group.Listen(TestLoop.AnyPort, c => _ = RunAsync(c, options ?? Defaults));
    }

    public TestHandler Handler { get; }

    public TestLoop Loop => _loop;

    public IPEndPoint EndPoint => _listener.LocalEndPoint;

    /// <summary>The connections in the order in which they came. To be read on the loop.</summary>
    public List<Http1ServerConnection> Connections { get; } = [];

    /// <summary>What escaped from a connection; a test that expects something takes it out.</summary>
    public List<Exception> Escaped { get; } = [];

    public async Task<RawPeer> ConnectAsync(int? receiveBuffer = null)
    {
        var peer = await RawPeer.ConnectAsync(EndPoint, receiveBuffer);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Waits until the first connection has taken in so many bytes.</summary>
    public Task UntilReceivedAsync(long bytes) =>
        _loop.UntilAsync(() => Connections.Count > 0 && Connections[0].Connection.BytesIn >= bytes);

    public Task UntilClosedAsync(int count = 1) => _loop.UntilAsync(() => Handler.Closed == count);

    /// <summary>The buffers that are lent out at this moment.</summary>
    public Task<int> LentAsync() => _loop.AskAsync(() => _loop.Loop.Buffers.Lent);

    /// <summary>Waits until so many are lent out: a connection that has its turn at the moment may hold one more.</summary>
    public Task UntilLentAsync(int count) => _loop.UntilAsync(() => _loop.Loop.Buffers.Lent == count);

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }

        await _loop.UntilAsync(() => Handler.Closed == Connections.Count);
        Assert.Equal(0, await LentAsync());
        Assert.Empty(Escaped);
        await _listener.CloseAsync().WaitAsync(TestLoop.Patience);
        await _loop.DisposeAsync();
    }

    private async Task RunAsync(Connection connection, ServerOptions options)
    {
        var server = new Http1ServerConnection(connection, Handler, options);
        Connections.Add(server);
        try
        {
            await server.RunAsync();
        }
        catch (Exception e)
        {
            Escaped.Add(e);
        }
    }
}
