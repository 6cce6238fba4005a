using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From a list of status codes and classes to ranges.</summary>
internal static class StatusRangeReader
{
    public static ValueList<StatusRange> Read(MapReader map, string key)
    {
        const string expected = "write a list of status codes and classes, such as [5xx, 429]";
        var ranges = new List<StatusRange>();
        foreach (var scalar in map.List(key, expected).Select(i => map.AsScalar(i, $"'{key}'", expected)))
        {
            if (scalar is null)
            {
                continue;
            }
            if (StatusRange.TryParse(scalar.Text, out var range))
            {
                ranges.Add(range);
            }
            else
            {
                map.Problems.Add(scalar.Position, $"'{key}' cannot have {scalar.Noun}", expected);
            }
        }
        return [.. ranges];
    }
}
