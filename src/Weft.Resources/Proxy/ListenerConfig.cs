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
    /// <summary>What the first bytes show: HTTP/1.1, HTTP/2, TLS, or bytes that are passed on as they are.</summary>
    Auto,

    /// <summary>HTTP/1.1 or HTTP/2, as the first bytes show.</summary>
    Http,

    /// <summary>HTTP/1.1 (and 1.0) only.</summary>
    Http1,

    /// <summary>HTTP/2 only, with prior knowledge.</summary>
    Http2,

    /// <summary>Bytes that are passed on as they are, whoever speaks first.</summary>
    Tcp,
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

    /// <summary>
    /// Inbound: the name that the proxy serves. Outbound: the name that connections go to which carry none; null when those are refused.
    /// </summary>
    public string? Service { get; init; }

    /// <summary>Inbound: the local application. Null on outbound listeners.</summary>
    public IPEndPoint? To { get; init; }

    /// <summary>The peers whose context headers are believed; from all others they are removed.</summary>
    public ValueList<IPNetwork> Trust { get; init; } = DefaultTrust;

    /// <summary>
    /// The peers whose connections begin with a header of the PROXY protocol, which says on whose behalf they are made. From all others it is
    /// not read.
    /// </summary>
    public ValueList<IPNetwork> ProxyProtocol { get; init; } = [];

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
/// <param name="Streams">Requests at once on one HTTP/2 connection.</param>
public sealed record ListenerLimits(
    int HeaderBytes = 32 * 1024,
    int HeaderCount = 100,
    int RequestLineBytes = 8 * 1024,
    int Connections = 20_000,
    int Streams = 128
);

/// <summary>How long a listener waits for its peers.</summary>
public sealed record ListenerTimeouts
{
    /// <summary>
    /// From the first byte of a connection until what it speaks is known. Where bytes may be passed on as they are, also how long a client may be
    /// silent before it is taken for one that waits for the server to speak.
    /// </summary>
    public TimeSpan Detect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the first byte of a head to its end.</summary>
    public TimeSpan Header { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two requests on one connection.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
