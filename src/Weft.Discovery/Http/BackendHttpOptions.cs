namespace Weft.Discovery;

/// <summary>How a backend that speaks HTTP is reached.</summary>
public sealed record BackendHttpOptions
{
    /// <summary>Scheme, host and port, and a path below which everything is.</summary>
    public required Uri Address { get; init; }

    /// <summary>A file whose text is sent as a secret; read again for every request. Null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A file of PEM certificates, one of which must have signed the server's; null for those that the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>Connections at the same time.</summary>
    public int MaxConnections { get; init; } = 128;
}
