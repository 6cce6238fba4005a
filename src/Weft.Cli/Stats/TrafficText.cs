using Weft.Cli.Output;
using Weft.Resources.Scalars;

namespace Weft.Cli.Stats;

/// <summary>Calls as a table, and what there is to know of its sources.</summary>
internal static class TrafficText
{
    /// <summary>The rows as a table.</summary>
    public static TextTable TableOf(TrafficShape shape, IEnumerable<CallRow> rows)
    {
        Column[] callers = shape.HasCaller ? [new("CALLER")] : [];
        Column[] routes = shape.HasRoute ? [new("ROUTE")] : [];
        var table = new TextTable([.. callers, new Column("SERVICE"), .. routes, .. CallCells.Columns]);
        foreach (var (key, calls) in rows)
        {
            Cell[] caller = shape.HasCaller ? [new(key.Caller ?? "")] : [];
            Cell[] route = shape.HasRoute ? [new(key.Route ?? "")] : [];
            table.Add([.. caller, key.Service, .. route, .. CallCells.Of(calls)]);
        }

        return table;
    }

    /// <summary>In alphabetical order.</summary>
    public static IEnumerable<CallRow> ByName(IEnumerable<CallRow> rows) =>
        rows.OrderBy(r => r.Key.Caller, StringComparer.Ordinal)
            .ThenBy(r => r.Key.Service, StringComparer.Ordinal)
            .ThenBy(r => r.Key.Route, StringComparer.Ordinal);

    /// <summary>The busiest first.</summary>
    public static IEnumerable<CallRow> ByRate(IEnumerable<CallRow> rows) =>
        ByName(rows).OrderByDescending(r => r.Calls.PerSecond ?? 0).ThenByDescending(r => r.Calls.Count);

    /// <summary>What is said instead of an empty table.</summary>
    public static string Nothing(TrafficSight sight) =>
        sight.WindowSeconds > 0
            ? $"no requests in the last {DurationText.Show(TimeSpan.FromSeconds(sight.WindowSeconds))}"
            : "no requests yet";
}
