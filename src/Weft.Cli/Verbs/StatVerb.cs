using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Stats;
using Weft.Resources.Scalars;

namespace Weft.Cli.Verbs;

/// <summary><c>weft stat</c>: success, rate and latency of services, as proxies count them.</summary>
internal static class StatVerb
{
    private const string DefaultProxy = "127.0.0.1:4191";

    private static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxWindow = TimeSpan.FromHours(1);

    public static Command Create(CliContext context)
    {
        var proxies = new Option<string[]>("--proxy", "-p")
        {
            Description = $"A proxy's admin address, {DefaultProxy} if not said; may be repeated",
            HelpName = "ADDR",
        };
        var window = new Option<TimeSpan?>("--window", "-w")
        {
            Description = "How long to watch, 1s if not said; 0 for everything since the proxy's start",
            HelpName = "DURATION",
            CustomParser = ParseWindow,
        };
        var total = new Option<bool>("--total") { Description = "The same as --window 0" };
        var output = OutputOption.Create();
        var verb = new Verb(
            "stat",
            "Shows success rate, requests per second and latency of each service, as proxies count them.",
            "weft stat --proxy 127.0.0.1:4191 --window 10s",
            "weft stat --proxy 10.0.0.1:4191 --proxy 10.0.0.2:4191 --total -o json"
        )
        {
            proxies,
            window,
            total,
            output,
        };
        verb.SetAction(
            async (result, stop) =>
            {
                var length = result.GetValue(total) ? TimeSpan.Zero : result.GetValue(window) ?? DefaultWindow;
                var addresses = result.GetValue(proxies) is { Length: > 0 } given ? given : [DefaultProxy];
                return await RunAsync(context, result.GetValue(output), addresses, length, stop);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context,
        OutputFormat format,
        string[] addresses,
        TimeSpan window,
        CancellationToken stop
    )
    {
        var pages = addresses.Distinct(StringComparer.Ordinal).Select(a => (Address: a, Page: PageOf(a))).ToArray();
        var reports = await Task.WhenAll(
            pages.Select(p => ProxyReport.ReadAsync(p.Address, p.Page, window, context.Fetch, context.Time, stop))
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
            await context.Error.WriteLineAsync(error);
        }

        return errors.Length == 0 ? ExitCodes.Done : ExitCodes.No;
    }

    private static TimeSpan? ParseWindow(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (DurationText.TryParse(text, out var window) && window <= MaxWindow)
        {
            return window;
        }

        result.AddError($"--window cannot be '{text}'; write a duration up to 1h, such as 500ms, 10s or 1m, or 0");
        return null;
    }

    private static Uri PageOf(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Host.Length: > 0, PathAndQuery: "/" }
            ? new Uri(uri, "/metrics")
            : throw new InvalidInputException(
                $"--proxy cannot be '{address}'; write host:port, such as {DefaultProxy}"
            );
    }
}
