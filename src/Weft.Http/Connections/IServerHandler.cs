namespace Weft.Http;

/// <summary>Serves the requests of server connections.</summary>
public interface IServerHandler
{
    /// <summary>Serves one request. The exchange is over when the task completes; what was not answered by then is aborted.</summary>
    ValueTask HandleAsync(ServerExchange exchange);

    /// <summary>
    /// A request was refused before it became one: the whole response to send, after which the connection is closed. May be empty.
    /// </summary>
    ReadOnlyMemory<byte> OnRejected(ServerExchange exchange, RejectReason reason);

    /// <summary>The connection has ended.</summary>
    void OnClosed(Http1ServerConnection connection);
}
