using System.Globalization;

namespace Weft.Bench.Harness.Machine;

/// <summary>What a reader must know to judge numbers: the machine and the day.</summary>
internal static class Facts
{
    public static string Describe() =>
        $"{DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {Processor()}, "
        + $"{Environment.ProcessorCount} cores, Linux {Kernel()}, .NET {Environment.Version}";

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "unknown processor";

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
