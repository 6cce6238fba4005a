namespace Weft.Net;

/// <summary>What came of a connect: a connection, or the reason why there is none.</summary>
/// <param name="Connection">Null when it failed.</param>
/// <param name="Failure">The reason in the system's words ("Connection refused", "timed out after 1000 ms"); null when it worked.</param>
public readonly record struct ConnectResult(Connection? Connection, string? Failure);
