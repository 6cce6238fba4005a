using System.Globalization;

namespace Weft.Cli.Checks;

/// <summary>Whether the machine gives proxies what their files promise.</summary>
internal static class LimitChecks
{
    /// <summary>What a proxy has open besides connections: listeners, loops, files that it watches.</summary>
    private const long OwnFiles = 256;

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        [
            .. facts.Proxies.Where(p => p.Page is not null).SelectMany(Of),
            .. facts.Files.Where(f => f.Config is not null).SelectMany(Of),
        ];

    private static IEnumerable<Finding> Of(ProxyFacts proxy)
    {
        var connections = (proxy.Page!.Listeners ?? []).Sum(l => (long)(l.Connections ?? 0));
        var process = proxy.Page.Process;
        return Of(proxy.Target, connections, proxy.Numbers?.MaxFiles, process?.Workers, process?.Cores);
    }

    private static IEnumerable<Finding> Of(FileFacts file)
    {
        var connections = file.Config!.Listeners.Sum(l => (long)l.Limits.Connections);
        return Of(file.Target, connections, file.MaxFiles, file.Config.Workers, file.Cores);
    }

    private static IEnumerable<Finding> Of(string target, long connections, double? maxFiles, int? workers, int? cores)
    {
        // Each connection that is taken may need one to an endpoint.
        var needed = (2 * connections) + OwnFiles;
        if (maxFiles < needed)
        {
            yield return Finding.Warning(
                CheckNames.Limits,
                target,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{maxFiles:0} open files are allowed, and {connections} connections at its listeners may need {needed}: those beyond it fail"
                ),
                "raise the limit (LimitNOFILE= of systemd, ulimit -n), or lower limits.connections of its listeners"
            );
        }

        if (workers > cores)
        {
            yield return Finding.Warning(
                CheckNames.Limits,
                target,
                $"{workers} event loops share {FindingList.Counted(cores.Value, "core")}: they take turns, which costs latency",
                "write 'workers: 0' for one per core"
            );
        }

        if (!(maxFiles < needed) && !(workers > cores))
        {
            var files =
                maxFiles is null ? "its limit of open files is not known"
                : double.IsInfinity(maxFiles.Value) ? "open files without limit"
                : string.Create(CultureInfo.InvariantCulture, $"{maxFiles:0} open files");
            var loops = workers switch
            {
                null => "",
                0 => ", an event loop per core",
                _ =>
                    $", {FindingList.Counted(workers.Value, "event loop")} on {FindingList.Counted(cores ?? 0, "core")}",
            };
            yield return Finding.Ok(CheckNames.Limits, target, files + loops);
        }
    }
}
