using System.Globalization;

namespace Weft.Resources.Scalars;

/// <summary>Durations as people write them: a decimal number and one of <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>.</summary>
public static class DurationText
{
    /// <summary>No duration is longer; sums of a few never overflow.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(365);

    /// <summary>Exact to a tick (100 ns); what is finer is rounded. False for anything else, and beyond <see cref="Max"/>.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var digits = Decimals.NumberLength(text);
        decimal? ticksPerUnit = text.AsSpan(digits) switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => null,
        };
        if (ticksPerUnit is not { } unit || !Decimals.TryParse(text.AsSpan(0, digits), out var number))
        {
            return false;
        }
        if (number > Max.Ticks / unit)
        {
            return false;
        }
        value = new TimeSpan((long)decimal.Round(number * unit));
        return true;
    }

    /// <summary>In the largest unit that gives a whole number: <c>90s</c>, <c>2m</c>, <c>250ms</c>.</summary>
    public static string Show(TimeSpan value) =>
        value.Ticks switch
        {
            0 => "0s",
            var t when t % TimeSpan.TicksPerHour == 0 => $"{t / TimeSpan.TicksPerHour}h",
            var t when t % TimeSpan.TicksPerMinute == 0 => $"{t / TimeSpan.TicksPerMinute}m",
            var t when t % TimeSpan.TicksPerSecond == 0 => $"{t / TimeSpan.TicksPerSecond}s",
            var t => ((decimal)t / TimeSpan.TicksPerMillisecond).ToString("0.####", CultureInfo.InvariantCulture)
                + "ms",
        };
}
