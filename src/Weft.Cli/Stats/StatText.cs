using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Stats;

/// <summary>The numbers of proxies as tables.</summary>
internal static class StatText
{
    public static void Write(CliContext context, IReadOnlyList<ProxyReport> reports)
    {
        var isFirst = true;
        foreach (var report in reports)
        {
            if (report.Stats is not { } stats)
            {
                continue;
            }

            if (!isFirst)
            {
                context.Out.WriteLine();
            }

            isFirst = false;
            if (reports.Count > 1)
            {
                context.Out.WriteLine($"proxy {report.Address}");
            }

            Write(context, stats);
        }
    }

    /// <summary>Both tables, without what is empty.</summary>
    public static void Write(CliContext context, ProxyStats stats)
    {
        if (stats.Services.Count == 0 && stats.Clients.Count == 0)
        {
            context.Out.WriteLine("no requests yet");
            return;
        }

        var services = new TextTable([
            new Column("DIRECTION"),
            new Column("SERVICE"),
            .. CallCells.Columns,
            new Column("IN FLIGHT", IsNumeric: true),
        ]);
        foreach (var service in stats.Services)
        {
            services.Add([
                service.Direction,
                service.Service,
                .. CallCells.Of(service.Requests),
                Numbers.Count(service.InFlight),
            ]);
        }

        services.Write(context.Out, context.IsStyled);
        if (stats.Clients.Count == 0)
        {
            return;
        }

        // What endpoints really answered; retries may hide it from callers.
        context.Out.WriteLine();
        var clients = new TextTable([
            new Column("DIRECTION"),
            new Column("CLIENT"),
            .. CallCells.Columns,
            new Column("RETRIES", IsNumeric: true),
        ]);
        foreach (var client in stats.Clients)
        {
            clients.Add([
                client.Direction,
                client.Client,
                .. CallCells.Of(client.Attempts),
                Numbers.Count(client.Retries),
            ]);
        }

        clients.Write(context.Out, context.IsStyled);
    }
}
