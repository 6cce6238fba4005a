using Weft.Api.Documents;

namespace Weft.Control;

/// <summary>The API's words for a preview.</summary>
internal static class PreviewAnswers
{
    /// <summary>The documents that would differ.</summary>
    public static IEnumerable<DocumentKey> ChangedOf(ApplyResult difference) =>
        difference
            .Changes.Where(c => c.Change != DocumentChangeInfo.Unchanged)
            .Select(c => new DocumentKey(c.Kind, c.Name));

    public static PreviewResult Of(
        ApplyResult difference,
        IReadOnlyList<PreviewedLine> lines,
        TimeSpan window,
        TimeSpan? reported
    )
    {
        var touched = lines.SelectMany(l => l.Touched).ToHashSet();
        return new PreviewResult
        {
            Revision = difference.Revision,
            Changes = difference.Changes,
            Warnings = difference.Warnings,
            WindowSeconds = window.TotalSeconds,
            ReportedSeconds = reported?.TotalSeconds,
            Summary = SummaryOf(lines),
            Lines = [.. lines.Select(LineOf)],
            Unseen =
            [
                .. ChangedOf(difference).Where(c => !touched.Contains(c)).Select(c => new DocumentName(c.Kind, c.Name)),
            ],
        };
    }

    /// <summary>Requests are whole: what rounding leaves over stays.</summary>
    internal static PreviewSummary SummaryOf(IReadOnlyList<PreviewedLine> lines)
    {
        var (moved, lost) = (0.0, 0.0);
        var (all, uncertain) = (0L, 0L);
        foreach (var line in lines)
        {
            var requests = line.Calls.Requests;
            all += requests;
            uncertain += line.Verdict is Verdict.Uncertain ? requests : 0;
            moved += (line.Moved ?? 0) * requests;
            lost += (line.Lost ?? 0) * requests;
        }

        // What would fail is never rounded away.
        var fail = Math.Min((long)Math.Ceiling(Math.Round(lost, 6)), all - uncertain);
        var change = Math.Min((long)Math.Round(Math.Max(0, moved - lost)), all - uncertain - fail);
        return new PreviewSummary(all, all - uncertain - fail - change, change, fail, uncertain);
    }

    private static PreviewLine LineOf(PreviewedLine line) =>
        new()
        {
            Caller = line.Calls.Caller,
            Service = line.Calls.Service,
            Route = line.Calls.Route,
            Requests = line.Calls.Requests,
            Failures = line.Calls.Failures,
            Verdict = line.Verdict switch
            {
                Verdict.Fails => PreviewLine.Fails,
                Verdict.Uncertain => PreviewLine.Uncertain,
                Verdict.Changes => PreviewLine.Changes,
                _ => PreviewLine.Stays,
            },
            Moved = line.Moved,
            Lost = line.Lost,
            Cases =
            [
                .. line.Cases.Select(c => new PreviewCase(
                    c.Dtab,
                    SharesOf(c.Now),
                    SharesOf(c.Then),
                    c.NowRule,
                    c.ThenRule
                )),
            ],
            DependsOn = line.DependsOn,
            Notes = line.Notes,
        };

    private static IReadOnlyList<PreviewShare> SharesOf(Way way) =>
        [
            .. way.Shares.Select(s => new PreviewShare(
                s.Share,
                TypeOf(s.Target.Kind),
                s.Target.Id,
                s.Target.Endpoints,
                s.Target.Message
            )),
        ];

    private static string TypeOf(TargetKind kind) =>
        kind switch
        {
            TargetKind.Name => PreviewShare.Name,
            TargetKind.Redirect => PreviewShare.Redirect,
            TargetKind.NoBinding => PreviewShare.NoBinding,
            TargetKind.NoEndpoints => PreviewShare.NoEndpoints,
            TargetKind.NoRoute => PreviewShare.NoRoute,
            _ => PreviewShare.Unknown,
        };
}
