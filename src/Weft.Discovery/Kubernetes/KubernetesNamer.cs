using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Names out of Kubernetes: Services and their EndpointSlices.</summary>
public static class KubernetesNamer
{
    /// <summary>A namer that asks nobody until it is asked for a name.</summary>
    /// <param name="prefix">What names begin with, such as <c>/#/kubernetes</c>.</param>
    /// <param name="options">Which API server to ask.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        Naming.Path prefix,
        KubernetesNamerOptions options,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(prefix, options, BackendHttp.CreateHandler(options.Http), time, random);
    }

    internal static IDiscoveryNamer Create(
        Naming.Path prefix,
        KubernetesNamerOptions options,
        HttpMessageHandler handler,
        TimeProvider time,
        Random random
    )
    {
        var client = new BackendClient(handler, options.Http, time);
        var table = new WatchTable<ImmutableDictionary<string, KubernetesService>>(
            new KubernetesSource(client, options, time, random),
            KubernetesService.Comparer.Instance,
            options.Watching,
            time,
            random
        );
        return new RemoteNamer<ImmutableDictionary<string, KubernetesService>>(
            prefix,
            new KubernetesScheme(),
            table,
            owned: client
        );
    }
}
