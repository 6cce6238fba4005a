using System.Globalization;

namespace Weft.Telemetry;

/// <summary>
/// Reads the Prometheus text format 0.0.4 and the parts of OpenMetrics 1.0 that differ on a sample's line. Comments, types,
/// timestamps and exemplars are passed over. What a page may hold is bounded, because it comes from elsewhere.
/// </summary>
public static class PrometheusText
{
    public const int MaxSamples = 200_000;
    public const int MaxLineLength = 64 * 1024;
    public const int MaxLabels = 64;

    /// <summary>The samples in the order of the page.</summary>
    /// <exception cref="FormatException">Names the line and column of what cannot be read, or the bound that was passed.</exception>
    public static IReadOnlyList<MetricSample> Parse(string text)
    {
        var samples = new List<MetricSample>();
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            line++;
            var content = text.AsSpan()[range].TrimEnd('\r');
            if (content.Length > MaxLineLength)
                throw new FormatException($"line {line}: longer than {MaxLineLength} characters");
            if (content.TrimStart(" \t") is [] or ['#', ..])
                continue;
            if (samples.Count == MaxSamples)
                throw new FormatException($"line {line}: more than {MaxSamples} samples");
            samples.Add(new SampleReader(content, line).Read());
        }

        return samples;
    }

    /// <summary>A number as the format has it: decimal, or NaN, +Inf, -Inf.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out double value)
    {
        switch (text)
        {
            case "+Inf" or "Inf":
                value = double.PositiveInfinity;
                return true;
            case "-Inf":
                value = double.NegativeInfinity;
                return true;
            case "NaN":
                value = double.NaN;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                    && double.IsFinite(value);
        }
    }
}
