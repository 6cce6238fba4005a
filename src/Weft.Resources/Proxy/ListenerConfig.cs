using System.Net;

namespace Weft.Resources;

/// <summary>Which way a listener's traffic goes.</summary>
public enum ListenerKind
{
    /// <summary>From local applications; routed by name.</summary>
    Outbound,

    /// <summary>From the network; handed to the local application.</summary>
    Inbound,
}

/// <summary>What a listener takes its connections to speak.</summary>
public enum ListenerProtocol
{
    /// <summary>What the first bytes show. In this version all of it is HTTP/1.1.</summary>
    Auto,

    /// <summary>HTTP of any version. In this version: HTTP/1.1.</summary>
    Http,

    /// <summary>HTTP/1.1 (and 1.0) only.</summary>
    Http1,
}

/// <summary>One address that a proxy listens on. Immutable; equal when it says the same.</summary>
public sealed record ListenerConfig
{
    /// <summary>The Dtab document of an outbound listener that names none, if there is one of this name.</summary>
    public const string DefaultDtab = "default";

    /// <summary>Unique in the file.</summary>
    public required string Name { get; init; }

    public required ListenerKind Kind { get; init; }

    /// <summary>Unique in the file, except for port 0, which lets the system choose.</summary>
    public required IPEndPoint Address { get; init; }

    public ListenerProtocol Protocol { get; init; } = ListenerProtocol.Auto;

    /// <summary>Outbound: how a request gets its name, tried in order; never empty. Inbound: empty.</summary>
    public ValueList<Identifier> Identifiers { get; init; } = [];

    /// <summary>Outbound: the Dtab document that the file names; null when it names none (<see cref="DefaultDtab"/>).</summary>
    public string? Dtab { get; init; }

    /// <summary>Inbound: the name that the proxy serves. Null on outbound listeners.</summary>
    public string? Service { get; init; }

    /// <summary>Inbound: the local application. Null on outbound listeners.</summary>
    public IPEndPoint? To { get; init; }

    /// <summary>The peers whose context headers are believed; from all others they are removed.</summary>
    public ValueList<IPNetwork> Trust { get; init; } = DefaultTrust;

    public ListenerLimits Limits { get; init; } = new();

    public ListenerTimeouts Timeouts { get; init; } = new();

    /// <summary>Where the file describes it.</summary>
    public Origin Origin { get; init; } = Origin.None;

    /// <summary>This machine only.</summary>
    public static readonly ValueList<IPNetwork> DefaultTrust =
    [
        new IPNetwork(new IPAddress([127, 0, 0, 0]), 8),
        new IPNetwork(IPAddress.IPv6Loopback, 128),
    ];
}

/// <summary>What a listener accepts before it refuses. Sizes in bytes.</summary>
/// <param name="HeaderBytes">The whole head of a request without its first line.</param>
/// <param name="HeaderCount">Header fields in one head.</param>
/// <param name="RequestLineBytes">The first line of a request.</param>
/// <param name="Connections">Connections open at once, over all event loops.</param>
public sealed record ListenerLimits(
    int HeaderBytes = 32 * 1024,
    int HeaderCount = 100,
    int RequestLineBytes = 8 * 1024,
    int Connections = 20_000
);

/// <summary>How long a listener waits for its peers.</summary>
public sealed record ListenerTimeouts
{
    /// <summary>From the first byte of a head to its end.</summary>
    public TimeSpan Header { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two requests on one connection.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
