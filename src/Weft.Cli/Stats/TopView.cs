using Spectre.Console;
using Spectre.Console.Rendering;
using Weft.Cli.Output;

namespace Weft.Cli.Stats;

/// <summary>The busiest calls, redrawn in place: for terminals.</summary>
internal sealed class TopView(IAnsiConsole console, TrafficShape shape, int rows)
{
    /// <summary>Draws until it is stopped.</summary>
    /// <param name="read">What was called lately.</param>
    /// <param name="pause">Waits between two looks.</param>
    /// <param name="stop">Ends it; the last table stays.</param>
    public Task RunAsync(
        Func<CancellationToken, Task<TrafficSight>> read,
        Func<CancellationToken, Task> pause,
        CancellationToken stop
    ) =>
        console
            .Live(new Text("..."))
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(async display =>
            {
                try
                {
                    while (true)
                    {
                        display.UpdateTarget(Draw(await read(stop)));
                        display.Refresh();
                        await pause(stop);
                    }
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Whoever looks has seen enough.
                }
            });

    private Rows Draw(TrafficSight sight)
    {
        var busiest = TrafficText.ByRate(sight.Rows).Take(rows).ToArray();
        var parts = new List<IRenderable>
        {
            busiest.Length > 0
                ? TerminalTable.Of(TrafficText.TableOf(shape, busiest))
                : new Text(TrafficText.Nothing(sight)),
        };
        parts.AddRange(
            sight.Sources.Select(s => s.Note).OfType<string>().Select(note => new Text(Printable.Line(note)))
        );
        return new Rows(parts);
    }
}
