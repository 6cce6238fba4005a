using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Stats;

/// <summary>The numbers of proxies as tables.</summary>
internal static class StatText
{
    private static readonly Column[] Numeric =
    [
        new("SUCCESS", IsNumeric: true),
        new("RPS", IsNumeric: true),
        new("P50", IsNumeric: true),
        new("P95", IsNumeric: true),
        new("P99", IsNumeric: true),
    ];

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

    private static void Write(CliContext context, ProxyStats stats)
    {
        if (stats.Services.Count == 0 && stats.Clients.Count == 0)
        {
            context.Out.WriteLine("no requests yet");
            return;
        }

        var services = new TextTable([
            new Column("DIRECTION"),
            new Column("SERVICE"),
            .. Numeric,
            new Column("IN FLIGHT", IsNumeric: true),
        ]);
        foreach (var service in stats.Services)
        {
            services.Add([
                service.Direction,
                service.Service,
                .. Cells(service.Requests),
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
            .. Numeric,
            new Column("RETRIES", IsNumeric: true),
        ]);
        foreach (var client in stats.Clients)
        {
            clients.Add([client.Direction, client.Client, .. Cells(client.Attempts), Numbers.Count(client.Retries)]);
        }

        clients.Write(context.Out, context.IsStyled);
    }

    private static Cell[] Cells(CallStats calls) =>
        [
            new(Numbers.Percent(calls.SuccessRate), Of(calls.SuccessRate)),
            Numbers.Rate(calls.PerSecond),
            Numbers.Latency(calls.Durations.Quantile(0.5)),
            Numbers.Latency(calls.Durations.Quantile(0.95)),
            Numbers.Latency(calls.Durations.Quantile(0.99)),
        ];

    private static Tone Of(double? successRate) =>
        successRate switch
        {
            null => Tone.Faint,
            >= 0.999 => Tone.Good,
            >= 0.95 => Tone.Warning,
            _ => Tone.Bad,
        };
}
