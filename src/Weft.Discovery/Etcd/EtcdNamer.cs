using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>Names out of etcd, below one key.</summary>
public static class EtcdNamer
{
    /// <summary>A namer that begins to read everything when it is started.</summary>
    /// <param name="prefix">What names begin with, such as <c>/#/etcd</c>.</param>
    /// <param name="options">Which cluster, and where in its keys.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For the choice of members and for jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        Naming.Path prefix,
        EtcdNamerOptions options,
        TimeProvider time,
        Random random
    ) => Create(prefix, options, BackendHttp.CreateHandler, time, random);

    internal static IDiscoveryNamer Create(
        Naming.Path prefix,
        EtcdNamerOptions options,
        Func<BackendHttpOptions, HttpMessageHandler> handlers,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ImmutableArray<BackendClient> members =
        [
            .. options.Members.Select(m => new BackendClient(handlers(m), m, time)),
        ];
        var table = new WatchTable<ImmutableDictionary<string, EndpointSet.Known>>(
            new EtcdSource(members, options, time, random),
            // The catalogue gives the same object when nothing has changed.
            ReferenceEqualityComparer.Instance,
            options.Watching,
            time,
            random
        );
        return new RemoteNamer<ImmutableDictionary<string, EndpointSet.Known>>(
            prefix,
            new EtcdScheme(),
            table,
            EtcdScheme.Key,
            new BackendClients(members)
        );
    }
}
