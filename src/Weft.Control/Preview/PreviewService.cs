using Weft.Api.Documents;
using Weft.Resources;

namespace Weft.Control;

/// <summary>Answers what a change would do to the calls of the last minutes: with the documents, the namers and what proxies have reported.</summary>
/// <param name="documents">The documents.</param>
/// <param name="book">Their namers.</param>
/// <param name="traffic">What proxies saw.</param>
/// <param name="time">The clock of windows and of waiting.</param>
internal sealed class PreviewService(DocumentService documents, NameBook book, ITraffic traffic, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    /// <summary>What a change would do.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="request">The documents.</param>
    /// <param name="window">How far back calls are looked at.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="RefusedException">The documents are not valid.</exception>
    public async Task<PreviewResult> RunAsync(string ns, ApplyRequest request, TimeSpan window, CancellationToken stop)
    {
        var plan = await documents.PlanAsync(ns, request, stop);
        var calls = traffic.Calls(ns, window);
        var lines = calls.Count == 0 ? [] : await LinesAsync(ns, plan, calls, window, stop);
        return PreviewAnswers.Of(plan.Difference, lines, window, traffic.Covered(ns, window));
    }

    private async Task<IReadOnlyList<PreviewedLine>> LinesAsync(
        string ns,
        ChangePlan plan,
        IReadOnlyList<SeenCalls> calls,
        TimeSpan window,
        CancellationToken stop
    )
    {
        var changed = PreviewAnswers.ChangedOf(plan.Difference).ToHashSet();
        var unsettled = UnsettledOf(plan.Now.View, time.GetUtcNow() - window);
        var rules = new RuleFollower(plan.Now.Set, plan.Then, unsettled, new PreviewBudget());
        await using var trial = await book.TryAsync(ns, plan.Now.Set.Namers.Concat(plan.Then.Namers), stop);
        var start = time.GetTimestamp();
        for (var wait = FirstWait; ; wait *= 2)
        {
            var worlds = new PreviewWorlds(plan.Now.Set, plan.Then, set => trial.Of(set.Namers));
            var lines = new Previewer(worlds, changed, rules).Run(calls);
            // A namer that is asked for the first time answers a little later.
            if (!worlds.SawPending || time.GetElapsedTime(start) + wait > NameSettling.Patience)
            {
                return lines;
            }

            await Task.Delay(wait, time, stop);
        }
    }

    /// <summary>The routes that were written within the window: calls before that took others.</summary>
    private static HashSet<DocumentKey> UnsettledOf(NamespaceView view, DateTimeOffset since) =>
        [
            .. view
                .Documents.Where(d => d.Key.Kind is HttpRouteDocument.KindName or GrpcRouteDocument.KindName)
                .Where(d => d.Time > since)
                .Select(d => d.Key),
        ];
}
