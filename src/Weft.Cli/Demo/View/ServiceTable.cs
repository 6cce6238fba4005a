using System.Globalization;
using Spectre.Console;

namespace Weft.Cli.Demo;

/// <summary>The table of the services.</summary>
internal static class ServiceTable
{
    private static readonly string[] s_columns =
    [
        "callers\nsaw",
        "endpoints\nanswered",
        "req/s",
        "p50\nms",
        "p95\nms",
        "p99\nms",
        "retries",
        "ready",
    ];

    private const double MostlyGood = 0.99;

    public static Table Of(IReadOnlyList<ServiceRow> rows)
    {
        var table = new Table().Border(TableBorder.Horizontal).AddColumn(new TableColumn("service").NoWrap());
        foreach (var column in s_columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap().PadRight(0));
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
            : count.Good >= MostlyGood * count.All ? $"[yellow]{text}[/]"
            : $"[red]{text}[/]";
    }

    private static string Milliseconds(double seconds) => Number(seconds * 1000, "0.0");

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
