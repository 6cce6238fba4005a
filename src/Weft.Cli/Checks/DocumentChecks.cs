using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Output;
using Weft.Naming;

namespace Weft.Cli.Checks;

/// <summary>Whether documents are valid, were taken by the proxies, and have reached them.</summary>
internal static class DocumentChecks
{
    /// <summary>For how long updates may wait for their acknowledgement.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FarBehind = TimeSpan.FromSeconds(60);

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        [
            .. facts.Proxies.Where(p => p.Page is not null).SelectMany(p => FindingList.Bounded([.. Of(p)])),
            .. facts.Controls.Where(c => c.Status is not null).SelectMany(c => FindingList.Bounded([.. Stored(c)])),
            // By the control plane's own clock, which the times are of.
            .. facts.Controls.SelectMany(c => FindingList.Bounded([.. Taken(c, c.Status?.Time ?? facts.Now)])),
        ];

    private static IEnumerable<Finding> Of(ProxyFacts proxy)
    {
        var page = proxy.Page!;
        // Sources of names are told apart.
        var ofNamers = (page.Namers ?? []).SelectMany(n => n.Problems ?? []).ToHashSet(StringComparer.Ordinal);
        var problems = (page.Problems ?? []).Where(p => !ofNamers.Contains(p)).ToArray();
        foreach (var problem in problems)
        {
            yield return Finding.Error(
                CheckNames.Documents,
                proxy.Target,
                $"refused, what was good last stays: {problem}",
                page.Control is null
                    ? "correct the file: it is taken in within a second"
                    : "correct the document and 'weft apply' it, or 'weft rollback' to one that was taken"
            );
        }

        foreach (var warning in page.Warnings ?? [])
        {
            yield return Finding.Warning(
                CheckNames.Documents,
                proxy.Target,
                warning,
                "change the document if this is not what was meant"
            );
        }

        if (problems.Length == 0 && page.Warnings is not { Count: > 0 })
        {
            var past = proxy.Numbers?.Rejected is > 0 and var count
                ? $"; {count:0} refused since its start, all set right"
                : "";
            yield return Finding.Ok(
                CheckNames.Documents,
                proxy.Target,
                $"{FindingList.Counted(page.Documents?.Count ?? 0, "document")} in force{past}"
            );
        }
    }

    private static IEnumerable<Finding> Stored(ControlFacts control)
    {
        var namespaces = control.Status!.Namespaces;
        foreach (var ns in namespaces)
        {
            foreach (var error in ns.Errors ?? [])
            {
                yield return Finding.Error(
                    CheckNames.Documents,
                    control.Target,
                    $"{ns.Name}: not in force: {Place(error)}",
                    error.Remedy ?? "correct the document and 'weft apply' it"
                );
            }

            foreach (var warning in ns.Warnings ?? [])
            {
                yield return Finding.Warning(
                    CheckNames.Documents,
                    control.Target,
                    $"{ns.Name}: {Place(warning)}",
                    warning.Remedy ?? "change the document if this is not what was meant"
                );
            }
        }

        if (control.Namespace is { } asked && namespaces.All(n => n.Revision == 0))
        {
            yield return Finding.Warning(
                CheckNames.Documents,
                control.Target,
                $"nothing was ever written to the namespace '{asked}'",
                "see that -n names the one that is meant; 'weft apply' writes to it"
            );
        }
        else if (namespaces.All(n => n is { ErrorCount: 0, WarningCount: 0 }))
        {
            var documents = FindingList.Counted(namespaces.Sum(n => (long)n.Documents), "document");
            yield return Finding.Ok(
                CheckNames.Documents,
                control.Target,
                $"{documents} in {FindingList.Counted(namespaces.Count, "namespace")}, all valid"
            );
        }
    }

    private static string Place(ProblemInfo problem) =>
        (DocumentVerb.ProblemOf(problem) with { Remedy = null }).ToString();

    /// <summary>What the connected proxies have made of it.</summary>
    private static IEnumerable<Finding> Taken(ControlFacts control, DateTimeOffset now)
    {
        if (control.Proxies is not { } proxies)
        {
            yield break;
        }

        foreach (var proxy in proxies)
        {
            foreach (var refusal in proxy.Refused ?? [])
            {
                yield return Finding.Error(
                    CheckNames.Documents,
                    VersionChecks.Target(proxy),
                    $"it refuses {refusal.Kind} {refusal.Name}, what was good last stays: {refusal.Reason}",
                    "correct the document and 'weft apply' it, or 'weft rollback' to one that was taken"
                );
            }

            if (proxy.BehindSince is { } since && now - since > Behind)
            {
                yield return new Finding(
                    CheckNames.Documents,
                    VersionChecks.Target(proxy),
                    now - since > FarBehind ? FindingStatus.Error : FindingStatus.Warning,
                    $"it has taken {proxy.Acknowledged} of the {proxy.Sent} updates that it was sent, and nothing more for {Numbers.Age(now - since)}",
                    "see its log and whether it is frozen or out of CPU; one that is restarted begins anew"
                );
            }
        }

        if (proxies.All(p => p.Refused is not { Count: > 0 } && !(now - p.BehindSince > Behind)))
        {
            yield return Finding.Ok(
                CheckNames.Documents,
                control.Target,
                proxies.Count == 0 ? "no proxy is connected" : $"taken by all connected proxies ({proxies.Count})"
            );
        }
    }
}
