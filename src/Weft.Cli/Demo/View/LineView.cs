using System.Globalization;
using Spectre.Console;

namespace Weft.Cli.Demo;

/// <summary>A line for every step, and the table at the end, all of it plain: for files, pipes and logs.</summary>
internal sealed class LineView(TextWriter output) : IStoryView
{
    private const int Width = 100;

    public void Say(string line) => output.WriteLine(line);

    public void Begin(string step)
    {
        // Its line comes when it is known how it went.
    }

    public void End(StepResult step) => output.WriteLine(Markup.Remove(LineOf(step)));

    public void Show(IReadOnlyList<ServiceRow> rows)
    {
        // Only a terminal can show what changes.
    }

    public void Conclude(IReadOnlyList<ServiceRow> rows, DemoReport report)
    {
        var plain = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );
        plain.Profile.Width = Width;
        plain.Write(ServiceTable.Of(rows));
        output.WriteLine(Markup.Remove(Summary(report)));
    }

    /// <summary>A step in one line, as markup.</summary>
    public static string LineOf(StepResult step) =>
        $"{(step.Held ? "[green]held[/]  " : "[red]failed[/]")} [bold]{Markup.Escape(step.Name)}[/]: {Markup.Escape(step.Detail)}";

    /// <summary>The whole story in one line, as markup.</summary>
    public static string Summary(DemoReport report) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Requests} requests, {report.Failures} failures, {report.Retries} retries, "
                + $"p50 {report.P50Ms:0.0} ms, p99 {report.P99Ms:0.0} ms: "
        ) + (report.Held ? "[green]the story held[/]" : "[red]the story did not hold[/]");
}
