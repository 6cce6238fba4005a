using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// All that a proxy was told at one moment: immutable, swapped whole. A loop that sees another world than the one in which it worked
/// something out works it out again.
/// </summary>
/// <param name="Version">Counts up with every change of any part.</param>
/// <param name="Config">The proxy's file.</param>
/// <param name="Resources">The documents.</param>
/// <param name="Namer">Binds what dtabs lead to; answers from snapshots of its own.</param>
/// <param name="Endpoints">The endpoints of what was bound; answers from snapshots of its own.</param>
internal sealed record World(
    long Version,
    ProxyConfig Config,
    ResourceSet Resources,
    INamer Namer,
    IEndpointSource Endpoints
)
{
    /// <summary>The documents' routes and faults, compiled when first asked for and shared by all loops.</summary>
    public RouteTables Routes => RouteTables.Of(Resources);

    /// <summary>What the file says of a listener; null when it does not mention it.</summary>
    public ListenerConfig? FindListener(string name)
    {
        foreach (var listener in Config.Listeners)
        {
            if (string.Equals(listener.Name, name, StringComparison.Ordinal))
            {
                return listener;
            }
        }

        return null;
    }

    /// <summary>The table of an outbound listener.</summary>
    public Dtab DtabOf(ListenerConfig listener) =>
        Resources.FindDtab(listener.Dtab ?? ListenerConfig.DefaultDtab)?.Dtab ?? Dtab.Empty;
}
