using Weft.Naming;

namespace Weft.Discovery;

/// <summary>Names out of Consul's catalogue, with the health of instances.</summary>
public static class ConsulNamer
{
    /// <summary>A namer that asks nobody until it is asked for a name.</summary>
    /// <param name="prefix">What names begin with, such as <c>/#/consul</c>.</param>
    /// <param name="options">Which agent to ask, and which instances count.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        Naming.Path prefix,
        ConsulNamerOptions options,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(prefix, options, BackendHttp.CreateHandler(options.Http), time, random);
    }

    internal static IDiscoveryNamer Create(
        Naming.Path prefix,
        ConsulNamerOptions options,
        HttpMessageHandler handler,
        TimeProvider time,
        Random random
    )
    {
        var client = new BackendClient(handler, options.Http, time);
        WatchTable<EndpointSet>? table = null;
        var source = new ConsulSource(client, options, time, () => table!.Count);
        table = new WatchTable<EndpointSet>(source, EndpointSetComparer.Instance, options.Watching, time, random);
        return new RemoteNamer<EndpointSet>(prefix, new ConsulScheme(options.IncludeTag), table, owned: client);
    }
}
