using Weft.Net;

namespace Weft.Http;

/// <summary>The server's side of a connection, whatever its version of HTTP.</summary>
public interface IServerConnection
{
    Connection Connection { get; }

    /// <summary>Serves the connection until it ends. Called once.</summary>
    LoopTask RunAsync();

    /// <summary>Lets the connection end after the requests that are under way.</summary>
    void Drain();
}
