using System.Collections.Immutable;
using System.Net;

namespace Weft.Discovery;

/// <summary>Whom to ask for the names of a DNS namer, and how often.</summary>
public sealed record DnsNamerOptions
{
    /// <summary>The recursive servers, asked in this order; when empty, those of <see cref="ResolverFile"/>.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>Where the machine's servers stand (resolv.conf(5)); read again for every question.</summary>
    public string ResolverFile { get; init; } = "/etc/resolv.conf";

    /// <summary>However short a time to live is, a name is not asked for more often.</summary>
    public TimeSpan MinRefresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>However long a time to live is, a name is asked for again after this.</summary>
    public TimeSpan MaxRefresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one server's answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the watches are kept.</summary>
    public WatchOptions Watching { get; init; } = new();
}
