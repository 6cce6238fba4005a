namespace Weft.Discovery;

/// <summary>Names out of ZooKeeper, where services register as server sets.</summary>
public static class ServerSetsNamer
{
    /// <summary>A namer that asks nobody until it is asked for a name.</summary>
    /// <param name="prefix">What names begin with, such as <c>/#/serversets</c>.</param>
    /// <param name="options">Which ensemble, and where in its tree.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        Naming.Path prefix,
        ServerSetsOptions options,
        TimeProvider time,
        Random random
    ) => Create(prefix, options, ZooKeeperClient.ConnectAsync, time, random);

    internal static IDiscoveryNamer Create(
        Naming.Path prefix,
        ServerSetsOptions options,
        Func<string, int, CancellationToken, Task<Stream>> connect,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var client = new ZooKeeperClient(options, connect, time, random);
        var table = new WatchTable<ServerSet>(
            new ServerSetsSource(client, time),
            ServerSet.Comparer.Instance,
            options.Watching,
            time,
            random
        );
        return new RemoteNamer<ServerSet>(prefix, new ServerSetsScheme(options.Root), table, owned: client);
    }
}
