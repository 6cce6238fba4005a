using Weft.Api.Documents;

namespace Weft.Cli.Checks;

/// <summary>Whether the programs of the mesh are near enough to each other to work together.</summary>
internal static class VersionChecks
{
    private const string Remedy = "bring the older one up to the newer; skip no minor version where both run at once";

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        [
            .. facts
                .Proxies.Where(p => p.Page is not null)
                .Select(p => Compare(p.Target, p.Page!.Process?.Version, facts.Version, "this program")),
            .. facts
                .AllControls.Where(c => c.Status is not null)
                .Select(c => Compare(c.Target, c.Status!.Version, facts.Version, "this program")),
            .. facts.Controls.SelectMany(Connected),
        ];

    private static Finding Compare(string target, string? version, string other, string whose)
    {
        var shown = ToldVersion.Shown(version, other);
        return ToldVersion.Between(version, other) switch
        {
            VersionDistance.Same => Finding.Ok(CheckNames.Versions, target, $"{shown}, the same as {whose}"),
            VersionDistance.Near => Finding.Ok(
                CheckNames.Versions,
                target,
                $"{shown}; {whose} is {ToldVersion.Shown(other, version)}, near enough"
            ),
            VersionDistance.Far => Finding.Warning(
                CheckNames.Versions,
                target,
                $"{shown}, too far from {whose}, which is {ToldVersion.Shown(other, version)}",
                Remedy
            ),
            _ => Finding.Warning(
                CheckNames.Versions,
                target,
                $"it tells no version that can be compared with {whose} ({ToldVersion.Shown(other, version)})",
                Remedy
            ),
        };
    }

    /// <summary>The proxies that are connected to a control plane: those that are right in one line.</summary>
    private static IEnumerable<Finding> Connected(ControlFacts control)
    {
        if (control is not { Status: { } status, Proxies: { Count: > 0 } proxies })
        {
            return [];
        }

        var compared = proxies
            .Select(p => Compare(Target(p), p.Version, status.Version, "its control plane"))
            .ToArray();
        var far = compared.Where(f => f.Status != FindingStatus.Ok).ToArray();
        return far.Length > 0
            ? FindingList.Bounded(far)
            :
            [
                Finding.Ok(
                    CheckNames.Versions,
                    control.Target,
                    $"near enough to all {compared.Length} connected proxies"
                ),
            ];
    }

    internal static string Target(ProxyInfo proxy) => $"proxy {proxy.Id}";
}
