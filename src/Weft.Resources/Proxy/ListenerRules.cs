using System.Net;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>What must hold between the listeners of one file.</summary>
internal static class ListenerRules
{
    public static void Check(IPEndPoint admin, IReadOnlyList<ListenerConfig> listeners, ProblemSink problems)
    {
        NamesAreDistinct(listeners, problems);
        AddressesAreDistinct(admin, listeners, problems);
    }

    private static void NamesAreDistinct(IReadOnlyList<ListenerConfig> listeners, ProblemSink problems)
    {
        var first = new Dictionary<string, ListenerConfig>(StringComparer.Ordinal);
        foreach (var listener in listeners)
        {
            if (!first.TryAdd(listener.Name, listener))
            {
                var line = first[listener.Name].Origin.Line;
                problems.Add(
                    listener.Origin.Problem(
                        $"the listener of line {line} is called '{listener.Name}' too",
                        "rename one"
                    )
                );
            }
        }
    }

    private static void AddressesAreDistinct(
        IPEndPoint admin,
        IReadOnlyList<ListenerConfig> listeners,
        ProblemSink problems
    )
    {
        var taken = new Dictionary<IPEndPoint, string> { [admin] = "'admin'" };
        foreach (var listener in listeners.Where(l => l.Address.Port != 0))
        {
            if (!taken.TryAdd(listener.Address, $"the listener of line {listener.Origin.Line}"))
            {
                problems.Add(
                    listener.Origin.Problem(
                        $"{taken[listener.Address]} has the address {listener.Address} too",
                        "give each its own port"
                    )
                );
            }
        }
    }
}
