using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>
/// What is understood and checked, but changes nothing in this version: its authors are told. All of it stands here, so that what comes into
/// force is taken out of one list.
/// </summary>
internal static class NotInForce
{
    /// <summary>Keys of a Service's spec.</summary>
    private static readonly string[] ServiceKeys = ["hedge"];

    public static void WarnOfService(MapReader map, ProblemSink warnings)
    {
        foreach (var key in ServiceKeys)
        {
            if (map.Has(key))
            {
                warnings.Add(map.Place(key), $"'{key}' is understood, but not in force in this version");
            }
        }
    }
}
