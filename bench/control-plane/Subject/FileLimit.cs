using System.Globalization;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.ControlPlane.Subject;

/// <summary>How many files and sockets a process of ours may have.</summary>
internal static class FileLimit
{
    /// <summary>Those that a process has besides its connections: its own files, listeners, pipes.</summary>
    private const int Besides = 500;

    /// <exception cref="MeasurementImpossibleException">A socket for each proxy is too much; the message says what to do.</exception>
    public static void Check(int proxies)
    {
        const string Name = "Max open files";
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        var soft = line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        if (soft != "unlimited" && long.Parse(soft, CultureInfo.InvariantCulture) < proxies + Besides)
        {
            throw new MeasurementImpossibleException(
                $"{proxies} proxies need {proxies + Besides} open files, and only {soft} are allowed: raise it with ulimit -n, or ask for fewer --proxies"
            );
        }
    }
}
