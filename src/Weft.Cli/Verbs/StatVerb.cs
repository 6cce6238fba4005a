using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Stats;

namespace Weft.Cli.Verbs;

/// <summary><c>weft stat</c>: success, rate and latency of services, as proxies count them.</summary>
internal static class StatVerb
{
    public static Command Create(CliContext context)
    {
        var options = TrafficVerb.Options();
        var verb = new Verb(
            "stat",
            "Shows success rate, requests per second and latency of each service, as proxies count them.",
            "weft stat --proxy 127.0.0.1:4191 --window 10s",
            "weft stat --proxy 10.0.0.1:4191 --proxy 10.0.0.2:4191 --total -o json",
            "weft stat --control 127.0.0.1:4190 --window 5m"
        );
        options.AddTo(verb);
        verb.SetAction(
            (result, stop) =>
                DocumentVerb.ToldAsync(
                    context,
                    async () =>
                    {
                        using var control = options.OpenControl(result, context);
                        var format = options.FormatOf(result);
                        var (proxies, window) = options.ProxiesOf(result);
                        return control is not null
                            ? await RunAsync(context, format, control, stop)
                            : await RunAsync(context, format, proxies, window, stop);
                    }
                )
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context,
        OutputFormat format,
        (string Address, Uri Page)[] proxies,
        TimeSpan window,
        CancellationToken stop
    )
    {
        var reports = await Task.WhenAll(
            proxies.Select(p => ProxyReport.ReadAsync(p.Address, p.Page, window, context.Fetch, context.Time, stop))
        );
        if (format is OutputFormat.Text)
        {
            StatText.Write(context, reports);
        }
        else
        {
            MachineOutput.Write(context.Out, format, writer => StatJson.Write(writer, window, reports));
        }

        var errors = reports.Select(r => r.Error).OfType<string>().ToArray();
        foreach (var error in errors)
        {
            TextLine.Write(context.Error, error);
        }

        return errors.Length == 0 ? ExitCodes.Done : ExitCodes.No;
    }

    private static async Task<int> RunAsync(
        CliContext context,
        OutputFormat format,
        ControlFeed control,
        CancellationToken stop
    )
    {
        var (info, stats) = await control.StatAsync(stop);
        var sources = ControlFeed.SourcesOf(info);
        if (format is OutputFormat.Text)
        {
            StatText.Write(context, stats);
        }
        else
        {
            MachineOutput.Write(
                context.Out,
                format,
                writer => TrafficJson.Write(writer, info.WindowSeconds, info.CoveredSeconds, sources, stats)
            );
        }

        return TrafficVerb.Notes(context, control.IsStrict, sources);
    }
}
