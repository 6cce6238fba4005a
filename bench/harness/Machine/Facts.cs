using System.Globalization;

namespace Weft.Bench.Harness.Machine;

/// <summary>What a reader must know to judge numbers: the machine and the day.</summary>
internal static class Facts
{
    public static string Describe() =>
        $"{DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {Processor()}, "
        + $"{Environment.ProcessorCount} cores, Linux {Kernel()}, .NET {Environment.Version}";

    /// <summary>The average number of runnable tasks over the last minute: before a run it should be next to nothing.</summary>
    public static double LoadAverage() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "unknown processor";

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
