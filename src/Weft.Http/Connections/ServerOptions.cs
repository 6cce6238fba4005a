namespace Weft.Http;

/// <summary>The bounds of a server connection.</summary>
/// <param name="Limits">The bounds of a request's head.</param>
/// <param name="IdleMilliseconds">How long a connection may wait for its next request.</param>
/// <param name="HeadMilliseconds">How long a head may take from its first byte to its last; then 408.</param>
public sealed record ServerOptions(HeadLimits Limits, int IdleMilliseconds, int HeadMilliseconds)
{
    /// <summary>How long a closing connection goes on reading, so that the client gets to see the response.</summary>
    public int LingerMilliseconds { get; init; } = 1000;

    /// <summary>How long an idle connection is kept once the listener drains, for a request that may be on its way.</summary>
    public int DrainGraceMilliseconds { get; init; } = 1000;
}
