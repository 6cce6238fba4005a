using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>breaker</c> to a <see cref="BreakerSpec"/>.</summary>
internal static class BreakerReader
{
    private static readonly BreakerSpec Defaults = new();

    public static BreakerSpec Read(MapReader map)
    {
        var breaker = new BreakerSpec
        {
            ConsecutiveFailures = (int?)map.Value("consecutiveFailures", ScalarKinds.Number, (1, 1_000_000)),
            SuccessRate = map.Map("successRate") is { } rate ? ReadSuccessRate(rate) : null,
            Backoff = BackoffReader.Read(map, Defaults.Backoff),
            MaxEjected = map.Value("maxEjected", ScalarKinds.Ratio, Ranges.Share) ?? Defaults.MaxEjected,
        };
        map.End();
        if (!map.Has("consecutiveFailures") && !map.Has("successRate"))
        {
            map.Problems.Add(
                map.Position,
                "'breaker' has no cause to open",
                "write 'consecutiveFailures', 'successRate' or both"
            );
        }
        return breaker;
    }

    private static SuccessRateSpec ReadSuccessRate(MapReader map)
    {
        var defaults = new SuccessRateSpec();
        var rate = new SuccessRateSpec
        {
            Below = map.Value("below", ScalarKinds.Ratio, Ranges.Share) ?? defaults.Below,
            Window = map.Value("window", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Window,
            MinRequests = map.Int("minRequests", defaults.MinRequests, 1, 1_000_000),
        };
        map.End();
        return rate;
    }
}
