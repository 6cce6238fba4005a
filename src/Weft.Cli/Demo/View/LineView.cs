using Spectre.Console;

namespace Weft.Cli.Demo;

/// <summary>A line for every step, and the table at the end: for files, pipes and logs.</summary>
internal sealed class LineView(IAnsiConsole console) : IStoryView
{
    public void Say(string line) => console.MarkupLineInterpolated($"[dim]{line}[/]");

    public void Begin(string step)
    {
        // Its line comes when it is known how it went.
    }

    public void End(StepResult step) => console.MarkupLine(LineOf(step));

    public void Show(IReadOnlyList<ServiceRow> rows)
    {
        // Only a terminal can show what changes.
    }

    public void Conclude(IReadOnlyList<ServiceRow> rows, DemoReport report)
    {
        console.WriteLine();
        console.MarkupLine("The whole run, as the proxies measured it:");
        console.Write(ServiceTable.Of(rows));
        console.MarkupLine(Summary(report));
    }

    public static string LineOf(StepResult step) =>
        $"{(step.Held ? "[green]held[/]  " : "[red]failed[/]")}  [bold]{Markup.Escape(step.Name)}[/]: {Markup.Escape(step.Detail)}";

    public static string Summary(DemoReport report) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{report.Requests} requests, {report.Failures} failures, {report.Retries} retries, "
                + $"p50 {report.P50Ms:0.0} ms, p99 {report.P99Ms:0.0} ms: "
        ) + (report.Held ? "[green]the story held[/]" : "[red]the story did not hold[/]");
}
