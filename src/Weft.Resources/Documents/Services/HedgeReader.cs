using System.Globalization;
using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>hedge</c> to a <see cref="HedgeSpec"/>.</summary>
internal static class HedgeReader
{
    private const string Expected = "write a percentile of the service's latency or a duration, such as p95 or 50ms";

    public static HedgeSpec Read(MapReader map)
    {
        var after = map.Scalar("after", Expected);
        var hedge = new HedgeSpec { Max = map.Int("max", new HedgeSpec().Max, 1, 5) };
        map.End();
        if (after is null)
        {
            return hedge;
        }
        if (TryReadPercentile(after.Text, out var percentile))
        {
            return hedge with { AfterPercentile = percentile };
        }
        if (
            DurationText.TryParse(after.Text, out var wait)
            && wait >= Ranges.Timeout.Item1
            && wait <= Ranges.Timeout.Item2
        )
        {
            return hedge with { AfterPercentile = null, After = wait };
        }
        map.Problems.Add(after.Position, $"'after' cannot be {after.Noun}", Expected);
        return hedge;
    }

    /// <summary><c>p50</c> to <c>p99.9</c>: earlier than the median, every other request would be sent twice.</summary>
    private static bool TryReadPercentile(string text, out double percentile)
    {
        percentile = 0;
        return text.StartsWith('p')
            && double.TryParse(
                text.AsSpan(1),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out percentile
            )
            && percentile is >= 50 and <= 99.9;
    }
}
