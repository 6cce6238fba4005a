using System.Net;

namespace Weft.Cli.Demo;

/// <summary>One instance of a service with the proxy beside it: what dies together when a machine dies.</summary>
internal sealed record Machine
{
    /// <summary>The instance.</summary>
    public required ShopServiceOptions Service { get; init; }

    /// <summary>The name under which it is found.</summary>
    public required string Concrete { get; init; }

    /// <summary>Where the application listens.</summary>
    public required IPEndPoint Application { get; init; }

    /// <summary>Where its proxy takes requests for it.</summary>
    public required IPEndPoint Inbound { get; init; }

    /// <summary>Where its proxy takes its calls to others.</summary>
    public required IPEndPoint Outbound { get; init; }

    /// <summary>Where its proxy tells how it is doing.</summary>
    public required IPEndPoint Admin { get; init; }

    public string Name => Service.Name;

    public string ProxyName => $"{Name}'s proxy";
}
