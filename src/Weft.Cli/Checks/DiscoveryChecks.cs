using Weft.Api.Documents;
using Weft.Cli.Output;

namespace Weft.Cli.Checks;

/// <summary>Whether those who say where services are can be heard.</summary>
internal static class DiscoveryChecks
{
    /// <summary>A source may be away for so long before that is more than a warning.</summary>
    private const double LongSeconds = 30;

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        [
            .. facts.Proxies.Where(p => p.Page is not null).SelectMany(Of),
            .. facts.Controls.Where(c => c.Status is not null).SelectMany(Of),
        ];

    private static IEnumerable<Finding> Of(ProxyFacts proxy)
    {
        var page = proxy.Page!;
        if (page.Control is { } control)
        {
            yield return Followed(proxy.Target, control);
        }

        var namers = page.Namers ?? [];
        var bad = FindingList.Bounded([.. namers.SelectMany(n => Of(proxy.Target, n, ""))]).ToArray();
        foreach (var finding in bad)
        {
            yield return finding;
        }

        var isTold = page.Control is { Connected: false } || bad.Length > 0 || page.Problems is { Count: > 0 };
        if (proxy.Numbers?.DiscoveryAge is > 0 and var age && !isTold)
        {
            yield return Finding.Warning(
                CheckNames.Discovery,
                proxy.Target,
                $"not all of its sources could be read for {Age(age)}",
                "see its log for what cannot be read"
            );
        }
        else if (page.Control is null && bad.Length == 0)
        {
            yield return Finding.Ok(CheckNames.Discovery, proxy.Target, Current(namers.Count));
        }
    }

    private static Finding Followed(string target, FollowedPage control) =>
        control.Connected is true
            ? Finding.Ok(CheckNames.Discovery, target, $"follows the control plane at {control.Address}")
            : Finding.Error(
                CheckNames.Discovery,
                target,
                $"misses the control plane at {control.Address}: {control.Error ?? "no answer yet"}; "
                    + (
                        control.AgeSeconds is { } age
                            ? $"what it knew {Age(age)} ago is in force"
                            : "it has never been heard"
                    ),
                "start the control plane, or see what is between the two; what the proxy knows stays in force meanwhile"
            );

    private static IEnumerable<Finding> Of(ControlFacts control)
    {
        var namespaces = control.Status!.Namespaces;
        var findings = namespaces
            .SelectMany(ns => (ns.Namers ?? []).SelectMany(n => Of(control.Target, n, $"{ns.Name}: ")))
            .ToArray();
        return findings.Length > 0
            ? FindingList.Bounded(findings)
            : [Finding.Ok(CheckNames.Discovery, control.Target, Current(namespaces.Sum(n => n.Namers?.Count ?? 0)))];
    }

    private static string Current(int namers) =>
        namers switch
        {
            0 => "there are no namers",
            1 => "what its namer was asked for is current",
            _ => $"what its {namers} namers were asked for is current",
        };

    private static IEnumerable<Finding> Of(string target, NamerInfo namer, string place)
    {
        var what = $"{place}{namer.Prefix} ({namer.Kind})";
        var problems = string.Join("; ", (namer.Problems ?? []).Take(3));
        switch (namer.State)
        {
            case NamerInfo.Failing:
                yield return new Finding(
                    CheckNames.Discovery,
                    target,
                    namer.AgeSeconds > LongSeconds ? FindingStatus.Error : FindingStatus.Warning,
                    $"{what} fails for {Age(namer.AgeSeconds ?? 0)}, what was known stays: {problems}",
                    namer.Kind == "file"
                        ? "correct the file: it is taken in within a second"
                        : "see that the source runs and can be reached, and that the Namer document names it rightly"
                );
                break;
            case NamerInfo.Holding:
                yield return Finding.Warning(
                    CheckNames.Discovery,
                    target,
                    $"{what} holds a mass withdrawal: {problems}",
                    "if the endpoints are really gone, wait; if not, see to the source: it has lost them"
                );
                break;
        }
    }

    private static string Age(double seconds) =>
        Numbers.Age(TimeSpan.FromSeconds(Math.Clamp(double.IsFinite(seconds) ? seconds : 0, 0, int.MaxValue)));
}
