namespace Weft.Api.Client;

/// <summary>How a proxy keeps its stream to a control plane.</summary>
public sealed record ControlStreamOptions
{
    /// <summary>The control plane; <c>http</c> for one on this machine, else <c>https</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>What people call this proxy.</summary>
    public required string ProxyId { get; init; }

    /// <summary>Of the program.</summary>
    public required string ProgramVersion { get; init; }

    public string Namespace { get; init; } = "default";

    /// <summary>A file with what is sent as <c>authorization: Bearer</c> (<see cref="Client.TokenFile"/>), read again for each connection; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// A PEM file of the roots that vouch for the control plane's certificate, read again for each connection; null for those of the system.
    /// </summary>
    public string? TrustFile { get; init; }

    /// <summary>A folder for the last known good state; null to keep none.</summary>
    public string? SnapshotFolder { get; init; }

    /// <summary>The first reconnect comes within this, the next ones within twice as much each time.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often everything that is known is compared with the control plane, give or take a fifth.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What is reported of the traffic; null for nothing.</summary>
    public ReportSource? Reports { get; init; }

    /// <summary>How often, give or take a fifth.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the peer may be silent before it is asked whether it lives, and how long the answer may take.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens the connection; null for the usual way. Who measures counts the bytes of it here.</summary>
    internal Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}
