using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What becomes of the listeners that there are, when a file asks for others.</summary>
internal sealed class ListenerPlan
{
    public ListenerPlan(IReadOnlyList<ListenerGroup> present, IReadOnlyList<ListenerConfig> wanted)
    {
        var free = present.ToList();
        var kept = new List<(ListenerGroup, ListenerConfig)>();
        var left = wanted.ToList();
        // By name first: port 0 is the address of many. Then by address, which a renamed listener does not have to give up.
        Match((group, config) => group.Config.Name == config.Name && group.Config.Address.Equals(config.Address));
        Match((group, config) => config.Address.Port != 0 && group.Config.Address.Equals(config.Address));
        (Kept, New, Gone) = (kept, left, free);

        void Match(Func<ListenerGroup, ListenerConfig, bool> fits)
        {
            foreach (var config in left.ToArray())
            {
                if (free.Find(group => fits(group, config)) is { } found)
                {
                    free.Remove(found);
                    left.Remove(config);
                    kept.Add((found, config));
                }
            }
        }
    }

    /// <summary>Those whose sockets stay, and what they are to be.</summary>
    public IReadOnlyList<(ListenerGroup Group, ListenerConfig Config)> Kept { get; }

    /// <summary>Those that have to be opened.</summary>
    public IReadOnlyList<ListenerConfig> New { get; }

    /// <summary>Those that nobody wants any more.</summary>
    public IReadOnlyList<ListenerGroup> Gone { get; }
}
