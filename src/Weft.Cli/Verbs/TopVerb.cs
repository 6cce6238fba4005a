using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Stats;

namespace Weft.Cli.Verbs;

/// <summary><c>weft top</c>: the busiest calls, as they change.</summary>
internal static class TopVerb
{
    private const int DefaultRows = 20;

    private const int MaxRows = 1000;

    // Nearer to now than a minute, and still more than two reports of each proxy.
    private static readonly TimeSpan ControlWindow = TimeSpan.FromSeconds(20);

    public static Command Create(CliContext context)
    {
        var once = new Option<bool>("--once")
        {
            Description = "Prints the table once; so does whatever is no terminal",
        };
        var rows = new Option<int>("--rows")
        {
            Description = $"The most rows, {DefaultRows} if not said",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultRows,
            CustomParser = ParseRows,
        };
        var options = new TrafficOptions(TimeSpan.FromSeconds(1), ControlWindow);
        var verb = new Verb(
            "top",
            "Shows the busiest calls by caller, service and route, until Ctrl-C.",
            "weft top --control 127.0.0.1:4190",
            "weft top --proxy 127.0.0.1:4191 --once"
        )
        {
            once,
            rows,
        };
        return options.Complete(
            verb,
            context,
            (feed, result, format, stop) =>
                context.IsStyled && format is OutputFormat.Text && !result.GetValue(once)
                    ? WatchAsync(context, feed, result.GetValue(rows), stop)
                    : PrintAsync(context, feed, format, result.GetValue(rows), stop)
        );
    }

    private static async Task<int> PrintAsync(
        CliContext context,
        ITrafficFeed feed,
        OutputFormat format,
        int rows,
        CancellationToken stop
    )
    {
        var sight = await feed.ReadAsync(TrafficShape.Calls, stop);
        var busiest = TrafficText.ByRate(sight.Rows).Take(rows).ToArray();
        return new TrafficVerb(context, TrafficShape.Calls).Write(format, feed, sight, busiest);
    }

    private static async Task<int> WatchAsync(CliContext context, ITrafficFeed feed, int rows, CancellationToken stop)
    {
        // Whoever cannot be asked at all is an error; later on, what was last seen stays.
        var last = await feed.ReadAsync(TrafficShape.Calls, stop);
        await new TopView(AnsiConsole.Console, TrafficShape.Calls, rows).RunAsync(
            async s => last = await ReadAsync(feed, last, s),
            s => Task.Delay(feed.Pause, context.Time, s),
            stop
        );
        return ExitCodes.Done;
    }

    private static async Task<TrafficSight> ReadAsync(ITrafficFeed feed, TrafficSight last, CancellationToken stop)
    {
        try
        {
            return await feed.ReadAsync(TrafficShape.Calls, stop);
        }
        catch (ControlException error)
        {
            return last with { Sources = [new TrafficSource("control", null, null, error.Message)] };
        }
    }

    private static int ParseRows(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, out var rows) && rows is >= 1 and <= MaxRows)
        {
            return rows;
        }

        result.AddError($"--rows cannot be '{text}'; write a number from 1 to {MaxRows}");
        return default;
    }
}
