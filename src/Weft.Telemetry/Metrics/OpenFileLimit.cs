using System.Globalization;

namespace Weft.Telemetry;

/// <summary>How many files and connections together a process may have open (<c>RLIMIT_NOFILE</c>).</summary>
public static class OpenFileLimit
{
    private const string Limits = "/proc/self/limits";

    private const string Line = "Max open files ";

    /// <summary>That of this process; null where it cannot be known, infinite where there is none.</summary>
    public static double? Read()
    {
        try
        {
            return Parse(File.ReadLines(Limits));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Not Linux, or a process that may not look at itself.
        }
    }

    /// <summary>Finds the limit that is in force, the soft one, in the lines of <c>proc_pid_limits(5)</c>.</summary>
    internal static double? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(l => l.StartsWith(Line, StringComparison.Ordinal));
        return line?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["unlimited", ..] => double.PositiveInfinity,
            [var soft, ..] when long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) =>
                limit,
            _ => null,
        };
    }
}
