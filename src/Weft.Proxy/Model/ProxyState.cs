using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What all loops of a proxy read, and nobody but the configuration writes.</summary>
internal sealed class ProxyState(ProxyMetrics metrics, Log log, World world, Random random)
{
    private World _world = world;

    public ProxyMetrics Metrics { get; } = metrics;

    public Log Log { get; } = log;

    /// <summary>What all loops keep of services together.</summary>
    public SharedServices Services { get; } = new(() => (ulong)random.NextInt64());

    /// <summary>The present world: one volatile read per request.</summary>
    public World World => Volatile.Read(ref _world);

    /// <summary>Makes another world the present one. Called by one thread at a time.</summary>
    public void Publish(World next) => Volatile.Write(ref _world, next);
}
