using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Checks;

/// <summary>Findings for people: a group for each check, and below what is not right what to do about it.</summary>
internal static class CheckText
{
    private const int MaxText = 500;

    public static void Write(CliContext context, CheckReport report)
    {
        foreach (var group in report.Findings.GroupBy(f => f.Check))
        {
            TextLine.Write(context.Out, context.IsStyled, group.Key, Tone.Faint);
            var table = new TextTable(new Column(""), new Column(""), new Column(""));
            foreach (var finding in group)
            {
                var tone = ToneOf(finding.Status);
                table.Add(
                    new Cell($"  {WordOf(finding.Status)}", tone),
                    Bounded(finding.Target),
                    Bounded(finding.Detail)
                );
                if (finding.Remedy is { } remedy)
                {
                    table.Add("", "", new Cell($"-> {Bounded(remedy)}", Tone.Faint));
                }
            }

            table.Write(context.Out, context.IsStyled);
        }

        var worst = report.Findings.Select(f => f.Status).DefaultIfEmpty(FindingStatus.Ok).Max();
        TextLine.Write(context.Out, context.IsStyled, report.Summary, ToneOf(worst));
    }

    public static string WordOf(FindingStatus status) =>
        status switch
        {
            FindingStatus.Error => "error",
            FindingStatus.Warning => "warning",
            _ => "ok",
        };

    private static Tone ToneOf(FindingStatus status) =>
        status switch
        {
            FindingStatus.Error => Tone.Bad,
            FindingStatus.Warning => Tone.Warning,
            _ => Tone.Good,
        };

    /// <summary>Much of it was written by others, and need not be short.</summary>
    private static string Bounded(string text) => text.Length > MaxText ? $"{text.AsSpan(0, MaxText)}..." : text;
}
