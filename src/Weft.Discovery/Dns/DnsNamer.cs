namespace Weft.Discovery;

/// <summary>Names out of DNS: A, AAAA and SRV records, asked for again as their times to live say.</summary>
public static class DnsNamer
{
    /// <summary>A namer that asks nobody until it is asked for a name.</summary>
    /// <param name="prefix">What names begin with, such as <c>/#/dns</c>.</param>
    /// <param name="options">Whom to ask, and how often.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        Naming.Path prefix,
        DnsNamerOptions options,
        TimeProvider time,
        Random random
    ) => Create(prefix, options, new DnsSockets(), time, random);

    internal static IDiscoveryNamer Create(
        Naming.Path prefix,
        DnsNamerOptions options,
        IDnsTransport transport,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var resolver = new DnsResolver(new DnsClient(transport, options, time));
        var source = new DnsSource(resolver, options, time, random);
        var table = new WatchTable<DnsAnswer>(source, DnsAnswer.Comparer.Instance, options.Watching, time, random);
        return new RemoteNamer<DnsAnswer>(prefix, new DnsScheme(), table);
    }
}
