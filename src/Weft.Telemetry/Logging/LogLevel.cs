namespace Weft.Telemetry;

/// <summary>How much a log line matters. A log shows its own level and those above.</summary>
public enum LogLevel
{
    Debug,
    Info,
    Warn,
    Error,

    /// <summary>Only as a log's level: nothing is shown.</summary>
    Off,
}

/// <summary>The names of levels, as people write them.</summary>
public static class LogLevels
{
    /// <summary>All names, in ascending order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["debug", "info", "warn", "error", "off"];

    public static string NameOf(LogLevel level) => Names[(int)level];

    /// <summary>Reads one of <see cref="Names"/>, in any case.</summary>
    public static bool TryParse(string? text, out LogLevel level)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i].Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                level = (LogLevel)i;
                return true;
            }
        }

        level = default;
        return false;
    }
}
