using Weft.Net;

namespace Weft.Http;

/// <summary>Serves the requests of server connections.</summary>
public interface IServerHandler
{
    /// <summary>Serves one request. The exchange is over when the task completes; what was not answered by then is aborted.</summary>
    LoopTask HandleAsync(ServerExchange exchange);

    /// <summary>
    /// What <see cref="HandleAsync"/> began has ended, and without an exception: nothing of the exchange will be asked of the handler any more, and what it used
    /// for it may serve the next one.
    /// </summary>
    void OnHandled(ServerExchange exchange) { }

    /// <summary>A request was refused before it became one: what to answer. Nothing more is read from an HTTP/1.1 connection.</summary>
    LocalResponse OnRejected(ServerExchange exchange, RejectReason reason);

    /// <summary>
    /// Serving one of several requests of a connection ran into a defect: its stream is reset, the others go on. A connection that carries one
    /// request at a time throws out of <see cref="IServerConnection.RunAsync"/> instead.
    /// </summary>
    void OnDefect(ServerExchange exchange, Exception exception);

    /// <summary>The connection has ended, and so have all its exchanges.</summary>
    void OnClosed(IServerConnection connection);
}
