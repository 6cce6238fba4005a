using System.Globalization;

namespace Weft.Cli.Output;

/// <summary>Numbers as people read them; <c>-</c> for what is not known.</summary>
internal static class Numbers
{
    private const string Unknown = "-";

    /// <summary>A share of 0 to 1 with two decimals, never rounded up to 100 nor down to 0: 99.99% is not all of it.</summary>
    public static string Percent(double? share)
    {
        if (share is not { } value || !double.IsFinite(value))
        {
            return Unknown;
        }

        var percent = Math.Round(100 * value, 2);
        percent =
            percent >= 100 && value < 1 ? 99.99
            : percent <= 0 && value > 0 ? 0.01
            : percent;
        return percent.ToString("0.##", CultureInfo.InvariantCulture) + "%";
    }

    public static string Rate(double? perSecond) =>
        perSecond is { } value && double.IsFinite(value)
            ? value.ToString(value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture)
            : Unknown;

    /// <summary>Milliseconds with three digits, beyond a second in seconds.</summary>
    public static string Latency(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return Unknown;
        }

        var milliseconds = seconds * 1000;
        return milliseconds switch
        {
            >= 1000 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + "s",
            >= 100 => milliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms",
            >= 10 => milliseconds.ToString("0.0", CultureInfo.InvariantCulture) + "ms",
            _ => milliseconds.ToString("0.00", CultureInfo.InvariantCulture) + "ms",
        };
    }

    public static string Count(double? count) => count?.ToString("0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Seconds, or the largest unit that leaves two digits or so.</summary>
    public static string Age(TimeSpan age) =>
        age switch
        {
            { TotalSeconds: < 120 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{Math.Max(0, age.TotalSeconds):0}s"
            ),
            { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0}m"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0}d"),
        };
}
