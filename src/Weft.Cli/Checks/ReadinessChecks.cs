namespace Weft.Cli.Checks;

/// <summary>Whether proxies would serve, and by what.</summary>
internal static class ReadinessChecks
{
    private const int Ready = 200;

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        facts.Proxies.Where(p => p.Page is not null).SelectMany(Of);

    private static IEnumerable<Finding> Of(ProxyFacts proxy)
    {
        if (proxy.Ready is not Answer.Page page)
        {
            yield break; // That it cannot be had is told with the ports.
        }

        if (page.Status != Ready)
        {
            var why = page.Text.Trim();
            yield return Finding.Error(
                CheckNames.Readiness,
                proxy.Target,
                $"not ready: {(why.Length > 0 ? why : $"it answers {page.Status}")}",
                why.StartsWith("draining", StringComparison.Ordinal)
                    ? "it is about to end: start another in its place, or find out who stops it"
                    : "see that its control plane runs and can be reached from it; 'snapshot' in its file lets it start without one"
            );
        }
        else if (proxy.Page!.Control is { From: "snapshot" })
        {
            yield return Finding.Warning(
                CheckNames.Readiness,
                proxy.Target,
                "it serves by the snapshot of an earlier run: the control plane has not answered since its start",
                "see that its control plane runs and can be reached from it"
            );
        }
        else
        {
            yield return Finding.Ok(CheckNames.Readiness, proxy.Target, "ready");
        }
    }
}
