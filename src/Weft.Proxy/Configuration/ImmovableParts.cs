using Weft.Naming;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What only a restart can change is refused, not passed over.</summary>
internal static class ImmovableParts
{
    /// <summary>What a new file changes of them.</summary>
    public static IReadOnlyList<Problem> Compare(string file, ProxyConfig next, ProxyConfig present)
    {
        var problems = new List<Problem>();
        Add("workers", next.Workers, present.Workers);
        Add("admin", next.Admin, present.Admin);
        Add("log.format", next.Log.Format, present.Log.Format);
        Add("control", next.Control, present.Control);
        Add("snapshot", next.Snapshot, present.Snapshot);
        return problems;

        void Add<T>(string key, T after, T before)
        {
            if (!EqualityComparer<T>.Default.Equals(after, before))
            {
                problems.Add(
                    new Problem(
                        file,
                        0,
                        0,
                        $"'{key}' cannot change from {Shown(before)} to {Shown(after)} while the proxy runs",
                        "restart the proxy"
                    )
                );
            }
        }
    }

    private static string Shown<T>(T value) => value?.ToString() ?? "none";
}
