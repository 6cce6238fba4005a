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
            WriteLine(context, group.Key, Tone.Faint);
            var table = new TextTable(new Column(""), new Column(""), new Column(""));
            foreach (var finding in group)
            {
                var tone = ToneOf(finding.Status);
                table.Add(
                    new Cell($"  {WordOf(finding.Status)}", tone),
                    Printable(finding.Target),
                    Printable(finding.Detail)
                );
                if (finding.Remedy is { } remedy)
                {
                    table.Add("", "", new Cell($"-> {Printable(remedy)}", Tone.Faint));
                }
            }

            table.Write(context.Out, context.IsStyled);
        }

        var worst = report.Findings.Select(f => f.Status).DefaultIfEmpty(FindingStatus.Ok).Max();
        WriteLine(context, report.Summary, ToneOf(worst));
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

    private static void WriteLine(CliContext context, string text, Tone tone)
    {
        if (context.IsStyled)
        {
            TerminalTable.WriteLine(context.Out, text, tone);
        }
        else
        {
            context.Out.WriteLine(text);
        }
    }

    /// <summary>One line, and nothing in it that a terminal would obey: much of it was written by others.</summary>
    private static string Printable(string text)
    {
        var line = string.Concat(text.Take(MaxText).Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length > MaxText ? $"{line}..." : line;
    }
}
