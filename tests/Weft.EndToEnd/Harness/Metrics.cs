using System.Globalization;

namespace Weft.EndToEnd.Harness;

/// <summary>Reads the Prometheus text format, as much of it as tests ask for.</summary>
internal static class Metrics
{
    /// <summary>The sum of the series of that name which carry all these labels, each as <c>name="value"</c>; 0 when there is none.</summary>
    public static double Sum(string text, string name, params string[] labels) =>
        text.Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Split)
            .Where(series => series.Name == name && Array.TrueForAll(labels, series.Labels.Contains))
            .Sum(series => series.Value);

    private static (string Name, HashSet<string> Labels, double Value) Split(string line)
    {
        var open = line.IndexOf('{', StringComparison.Ordinal);
        var close = line.LastIndexOf('}');
        var name = open < 0 ? line[..line.IndexOf(' ', StringComparison.Ordinal)] : line[..open];
        var labels = open < 0 ? "" : line[(open + 1)..close];
        var value = (open < 0 ? line[name.Length..] : line[(close + 1)..]).Trim().Split(' ')[0];
        return (
            name,
            [.. SplitLabels(labels)],
            value switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                _ => double.Parse(value, CultureInfo.InvariantCulture),
            }
        );
    }

    /// <summary>Splits at commas that lie outside of quotes.</summary>
    private static IEnumerable<string> SplitLabels(string text)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == ',' && !quoted)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        if (start < text.Length)
            yield return text[start..];
    }
}
