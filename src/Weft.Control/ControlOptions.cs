using System.Net;

namespace Weft.Control;

/// <summary>What a control plane is told when it starts.</summary>
public sealed record ControlOptions
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 4190);

    public IPEndPoint Listen { get; init; } = DefaultListen;

    /// <summary>The folder of the embedded store.</summary>
    public string? Data { get; init; }

    /// <summary>Where an etcd answers: <c>etcd://host:port,host:port</c>; null for the embedded store.</summary>
    public string? Store { get; init; }

    /// <summary>A PEM file with the certificate and what leads from it to a root.</summary>
    public string? TlsCert { get; init; }

    /// <summary>A PEM file with the certificate's key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>A file of tokens, one a line: <c>TOKEN</c>, or <c>NAME TOKEN</c> for an author of that name.</summary>
    public string? TokenFile { get; init; }

    /// <summary>What keeps these options from being used; null when nothing does.</summary>
    public string? Problem
    {
        get
        {
            var isOpen = TlsCert is null || TlsKey is null || TokenFile is null;
            return (TlsCert is null) != (TlsKey is null) ? "--tls-cert and --tls-key belong together: give both or none"
                : !IPAddress.IsLoopback(Listen.Address) && isOpen
                    ? $"--listen {Listen}: an address that others can reach needs --tls-cert, --tls-key and --token-file; without them, "
                        + "only loopback is listened on"
                : Store is null && Data is null ? "--data is missing: the folder that documents are kept in"
                : Store is not null && Data is not null
                    ? "--data and --store exclude each other: documents are kept in one place"
                : null;
        }
    }
}
