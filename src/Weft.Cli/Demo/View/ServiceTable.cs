using System.Globalization;
using Spectre.Console;

namespace Weft.Cli.Demo;

/// <summary>The table of the services.</summary>
internal static class ServiceTable
{
    private static readonly string[] s_columns =
    [
        "success\nas callers saw",
        "success\nas answered",
        "req/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "retries",
        "ready",
    ];

    public static Table Of(IReadOnlyList<ServiceRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("service");
        foreach (var column in s_columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                Rate(row.AsCallersSaw),
                Rate(row.AsEndpointsAnswered),
                Number(row.PerSecond, "0"),
                Milliseconds(row.Durations.Quantile(0.5)),
                Milliseconds(row.Durations.Quantile(0.95)),
                Milliseconds(row.Durations.Quantile(0.99)),
                Number(row.Retries, "0"),
                Number(row.Ready, "0")
            );
        }

        return table;
    }

    private static string Rate((double All, double Good) count)
    {
        var text = Shares.Text(count.Good, count.All);
        return !(count.All > 0) ? text
            : count.Good >= count.All ? $"[green]{text}[/]"
            : count.Good >= 0.99 * count.All ? $"[yellow]{text}[/]"
            : $"[red]{text}[/]";
    }

    private static string Milliseconds(double seconds) => Number(seconds * 1000, "0.0");

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
