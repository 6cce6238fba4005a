using System.Net;
using Weft.Http;
using Weft.Net;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// The admin endpoints, on a loop of their own so that a slow scrape delays no request. Served by the proxy's own HTTP engine: a second one
/// would cost more memory than the proxy itself (docs/adr/0002).
/// </summary>
internal sealed class AdminServer : IServerHandler
{
    private const int MaxConnections = 256;
    private static readonly ServerOptions s_options = new(HeadLimits.Default, 60_000, 10_000);

    private readonly LoopGroup _group;
    private readonly AdminRoutes _routes;
    private readonly Log _log;
    private readonly HashSet<IServerConnection> _connections = [];
    private Listener? _listener;

    public AdminServer(ProxyServer server, WorldKeeper keeper, ProxyState state, TimeProvider time, Action shutdown)
    {
        _log = state.Log;
        _group = new LoopGroup(1, time, e => _log.Error("the admin loop ran into an error", ("exception", e)));
        _routes = new AdminRoutes(_group.Loops[0], server, keeper, state, shutdown);
    }

    public IPEndPoint? LocalEndPoint => _listener?.LocalEndPoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public void Start(IPEndPoint address) => _listener = _group.Listen(address, OnAccepted);

    public async Task StopAsync()
    {
        if (_listener is not null)
        {
            await _listener.CloseAsync();
        }

        await _group.StopAsync();
    }

    async LoopTask IServerHandler.HandleAsync(ServerExchange exchange)
    {
        AdminAnswer answer;
        try
        {
            answer = await _routes.AnswerAsync(exchange);
        }
        catch (Exception e)
        {
            _log.Error("an admin request failed", ("exception", e));
            answer = AdminAnswer.Text(500, "internal error; the log says more\n");
        }

        await exchange.RespondAsync(answer.Status, answer.Fields, answer.Body);
    }

    LocalResponse IServerHandler.OnRejected(ServerExchange exchange, RejectReason reason) =>
        ErrorBody.Of(new ProxyError(ErrorReason.BadRequest, reason.ToString()), Rejection.StatusOf(reason));

    void IServerHandler.OnDefect(ServerExchange exchange, Exception exception) =>
        _log.Error("an admin request failed", ("exception", exception));

    void IServerHandler.OnClosed(IServerConnection connection) => _connections.Remove(connection);

    private void OnAccepted(Connection connection)
    {
        if (_connections.Count >= MaxConnections)
        {
            connection.Abort();
            return;
        }

        var server = new Http1ServerConnection(connection, this, s_options);
        _connections.Add(server);
        _ = RunAsync(server);
    }

    private async LoopTask RunAsync(Http1ServerConnection server)
    {
        try
        {
            await server.RunAsync();
        }
        catch (Exception e)
        {
            _log.Error("an admin connection failed", ("exception", e));
        }
    }
}
