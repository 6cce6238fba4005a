using System.Globalization;
using Weft.Api.Documents;
using Weft.Cli.Output;
using Weft.Resources.Scalars;

namespace Weft.Cli.Control;

/// <summary>What a change would do to live traffic, for people: a table of what would change, why, and the sum of it.</summary>
internal static class PreviewText
{
    /// <summary>Ways that a cell names; of more it says how many.</summary>
    private const int MaxWays = 3;

    /// <summary>Writes a preview.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isStyled">For a terminal.</param>
    /// <param name="preview">What the control plane answered.</param>
    /// <param name="all">Whether what stays as it is is shown, too.</param>
    public static void Write(TextWriter output, bool isStyled, PreviewResult preview, bool all)
    {
        PreviewLine[] lines = [.. preview.Lines.Where(l => all || IsTouched(l))];
        if (lines.Length > 0)
        {
            output.WriteLine();
            TableOf(lines).Write(output, isStyled);
        }

        string[] remarks = [.. lines.SelectMany(RemarksOn)];
        if (remarks.Length > 0)
        {
            output.WriteLine();
        }

        foreach (var remark in remarks)
        {
            TextLine.Write(output, remark);
        }

        output.WriteLine();
        output.WriteLine(SummaryOf(preview));
        if (preview is { Unseen.Count: > 0, Summary.Requests: > 0 })
        {
            var unseen = string.Join(", ", preview.Unseen.Select(d => $"{d.Kind} {d.Name}"));
            TextLine.Write(output, $"no request that was seen is touched by {unseen}");
        }
    }

    private static bool IsTouched(PreviewLine line) => line.Verdict != PreviewLine.Stays || line.Notes.Count > 0;

    private static TextTable TableOf(IEnumerable<PreviewLine> lines)
    {
        var table = new TextTable(
            new Column("CALLER"),
            new Column("SERVICE"),
            new Column("ROUTE"),
            new Column("REQUESTS", IsNumeric: true),
            new Column("NOW"),
            new Column("THEN")
        );
        foreach (var line in lines)
        {
            table.Add(
                line.Caller,
                line.Service,
                line.Route,
                string.Create(CultureInfo.InvariantCulture, $"{line.Requests}"),
                WaysOf(line.Cases.Select(c => c.Now)),
                new Cell(
                    line.Verdict == PreviewLine.Stays ? "the same" : WaysOf(line.Cases.Select(c => c.Then)),
                    ToneOf(line.Verdict)
                )
            );
        }

        return table;
    }

    private static Tone ToneOf(string verdict) =>
        verdict switch
        {
            PreviewLine.Fails => Tone.Bad,
            PreviewLine.Uncertain => Tone.Warning,
            PreviewLine.Stays => Tone.Faint,
            _ => Tone.Plain,
        };

    private static IEnumerable<string> RemarksOn(PreviewLine line)
    {
        var subject = $"{line.Caller} -> {line.Service} ({line.Route})";
        return
        [
            .. line.DependsOn.Select(reason => $"{subject} depends on {reason}"),
            .. line.Notes.Select(note => $"{subject}: {note}"),
        ];
    }

    private static string WaysOf(IEnumerable<IReadOnlyList<PreviewShare>> ways)
    {
        string[] texts = [.. ways.Select(WayOf).Distinct(StringComparer.Ordinal)];
        var shown = string.Join(" or ", texts.Take(MaxWays));
        return texts.Length > MaxWays ? $"{shown} or {texts.Length - MaxWays} others" : shown;
    }

    private static string WayOf(IReadOnlyList<PreviewShare> way) =>
        way is [var only] ? EndOf(only) : string.Join(" & ", way.Select(s => $"{Numbers.Percent(s.Share)} {EndOf(s)}"));

    private static string EndOf(PreviewShare share) =>
        share.Type switch
        {
            PreviewShare.Name when share.Endpoints is null => $"{share.Id} (endpoints not known)",
            PreviewShare.Name when share.Endpoints == 0 => $"{share.Id} (no endpoints)",
            PreviewShare.Name => share.Id!,
            PreviewShare.Redirect => $"redirect {share.Message}",
            PreviewShare.NoBinding => "no binding",
            PreviewShare.NoEndpoints => "no endpoints",
            PreviewShare.NoRoute => "no route",
            _ => "not known",
        };

    private static string SummaryOf(PreviewResult preview)
    {
        var window = Rounded(preview.WindowSeconds);
        var reported =
            preview.ReportedSeconds is { } seconds && seconds < preview.WindowSeconds
                ? $" (proxies have reported {Rounded(seconds)} of that)"
                : "";
        var sum = preview.Summary;
        return sum.Requests == 0
            ? $"no request was reported in the last {window}{reported}: there is no live traffic to preview"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"of {sum.Requests} requests in the last {window}{reported}: {sum.Fail} would fail, {sum.Change} would go elsewhere, {sum.Stay} would stay, {sum.Uncertain} are uncertain"
            );
    }

    private static string Rounded(double seconds) => DurationText.Show(TimeSpan.FromSeconds(Math.Round(seconds)));
}
