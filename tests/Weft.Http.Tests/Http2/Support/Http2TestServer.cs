using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Weft.Net;

namespace Weft.Http.Tests.Http2;

/// <summary>
/// A server on a loop of its own whose requests a test serves. Disposing ends it, and fails the test when anything threw, an exchange was left over, or a
/// buffer was not returned.
/// </summary>
internal sealed class Http2TestServer : IServerHandler, IAsyncDisposable
{
    /// <summary>Far beyond what anything here takes on a busy machine: reaching it means that it will never happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    public static readonly Http2Options Defaults = new(HeadLimits.Default, 30_000, 10_000) { LingerMilliseconds = 50 };

    private readonly Func<ServerExchange, LoopTask> _serve;
    private readonly Http2Options _options;
    private readonly Listener _listener;
    private readonly List<Http2ServerConnection> _connections = [];
    private readonly ConcurrentQueue<TaskCompletionSource<Http2EndReason>> _ends = new();
    private readonly SemaphoreSlim _ended = new(0);
    private readonly ConcurrentQueue<Http2EndReason> _reasons = new();

    public Http2TestServer(Func<ServerExchange, LoopTask>? serve = null, Http2Options? options = null)
    {
        _serve = serve ?? AnswerAsync;
        _options = options ?? Defaults;
        Group = new LoopGroup(1, TimeProvider.System, Unhandled.Enqueue);
        _listener = Group.Listen(new IPEndPoint(IPAddress.Loopback, 0), OnAccepted);
    }

    public LoopGroup Group { get; }

    public EventLoop Loop => Group.Loops[0];

    public IPEndPoint EndPoint => _listener.LocalEndPoint;

    public ConcurrentQueue<Exception> Unhandled { get; } = new();

    public ConcurrentQueue<RejectReason> Rejections { get; } = new();

    /// <summary>Requests are not written down.</summary>
    public bool IsSilent { get; init; }

    /// <summary>What was asked, as "METHOD path".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The paths of the requests that were handed back.</summary>
    public ConcurrentQueue<string> Handled { get; } = new();

    public static readonly FieldBlock Text = new(("content-type", "text/plain"));

    /// <summary>Reads the whole body and says how long it was.</summary>
    public static async LoopTask AnswerAsync(ServerExchange exchange)
    {
        long length = 0;
        while (true)
        {
            var chunk = await exchange.RequestBody.ReadAsync();
            length += chunk.Data.Length;
            if (chunk.IsFailed)
            {
                return;
            }

            if (chunk.IsLast)
            {
                break;
            }
        }

        await exchange.RespondAsync(200, Text, Encoding.ASCII.GetBytes($"{length}"));
    }

    /// <summary>Why the next connection that ended has ended.</summary>
    public async Task<Http2EndReason> EndAsync()
    {
        Assert.True(await _ended.WaitAsync(Patience), "No connection ended.");
        Assert.True(_reasons.TryDequeue(out var reason));
        return reason;
    }

    /// <summary>Runs on the loop.</summary>
    public Task<T> OnLoopAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(_ => _ = RunAsync());
        return done.Task.WaitAsync(Patience, TimeProvider.System);

        async Task RunAsync()
        {
            try
            {
                done.SetResult(await work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }

    public Task DrainAsync() =>
        OnLoopAsync(() =>
        {
            _connections.ForEach(c => c.Drain());
            return Task.FromResult(true);
        });

    public async ValueTask DisposeAsync()
    {
        await OnLoopAsync(() =>
        {
            _connections.ToList().ForEach(c => c.Abort());
            return Task.FromResult(true);
        });
        while (_ends.TryDequeue(out var end))
        {
            await end.Task.WaitAsync(Patience, TimeProvider.System);
        }

        var lent = await OnLoopAsync(() => Task.FromResult(Loop.Buffers.Lent));
        await _listener.CloseAsync();
        await Group.StopAsync();
        Assert.Empty(Unhandled);
        Assert.Equal(0, lent);
    }

    LoopTask IServerHandler.HandleAsync(ServerExchange exchange)
    {
        if (!IsSilent)
        {
            Requests.Enqueue(
                $"{Encoding.ASCII.GetString(exchange.Request.MethodSpan)} {Encoding.ASCII.GetString(exchange.Request.Path)}"
            );
        }

        return _serve(exchange);
    }

    void IServerHandler.OnHandled(ServerExchange exchange)
    {
        if (!IsSilent)
        {
            Handled.Enqueue(Encoding.ASCII.GetString(exchange.Request.Path));
        }
    }

    LocalResponse IServerHandler.OnRejected(ServerExchange exchange, RejectReason reason)
    {
        Rejections.Enqueue(reason);
        return new LocalResponse(Rejection.StatusOf(reason), Text, "refused"u8.ToArray());
    }

    void IServerHandler.OnDefect(ServerExchange exchange, Exception exception) => Unhandled.Enqueue(exception);

    void IServerHandler.OnClosed(IServerConnection connection) =>
        Assert.True(_connections.Remove((Http2ServerConnection)connection));

    private void OnAccepted(Connection connection)
    {
        var server = new Http2ServerConnection(connection, this, _options);
        var end = new TaskCompletionSource<Http2EndReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections.Add(server);
        _ends.Enqueue(end);
        _ = RunAsync(server, end);
    }

    private async Task RunAsync(Http2ServerConnection server, TaskCompletionSource<Http2EndReason> end)
    {
        try
        {
            await server.RunAsync();
        }
        catch (Exception e)
        {
            Unhandled.Enqueue(e);
        }

        _reasons.Enqueue(server.EndReason);
        _ended.Release();
        end.SetResult(server.EndReason);
    }
}
