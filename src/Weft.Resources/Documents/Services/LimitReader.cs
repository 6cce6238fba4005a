using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>rateLimit</c> and <c>concurrency</c> to the limits of a service.</summary>
internal static class LimitReader
{
    public static RateLimitSpec ReadRate(MapReader map)
    {
        const string expected = "write service, client or header:NAME";
        if (!map.Has("requests"))
        {
            map.Problems.Add(map.Position, "'rateLimit' needs 'requests'", "write how many are let through");
        }
        var defaults = new RateLimitSpec { Requests = 1 };
        var key = map.Scalar("key", expected);
        if (key is not null && key.Text is not ("service" or "client") && !Words.IsNamed(key.Text, "header"))
        {
            map.Problems.Add(key.Position, $"'key' cannot be {key.Noun}", expected);
        }
        var limit = new RateLimitSpec
        {
            Requests = map.Int("requests", defaults.Requests, 1, 1_000_000_000),
            Per = map.Value("per", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Per,
            Burst = map.Int("burst", defaults.Burst, 0, 1_000_000_000),
            Key = key?.Text ?? defaults.Key,
        };
        map.End();
        return limit;
    }

    public static ConcurrencySpec ReadConcurrency(MapReader map)
    {
        var defaults = new ConcurrencySpec();
        var concurrency = new ConcurrencySpec
        {
            Initial = map.Int("initial", defaults.Initial, 1, 1_000_000),
            Min = map.Int("min", defaults.Min, 1, 1_000_000),
            Max = map.Int("max", defaults.Max, 1, 1_000_000),
            Tolerance = map.Value("tolerance", ScalarKinds.Ratio, Ranges.Share) ?? defaults.Tolerance,
        };
        map.End();
        if (concurrency.Min > concurrency.Max)
        {
            map.Problems.Add(map.Position, $"'min' is {concurrency.Min}, more than 'max', {concurrency.Max}");
        }
        return concurrency with
        {
            // Whoever moves one bound past the default beginning has said where to begin.
            Initial = map.Has("initial")
                ? concurrency.Initial
                : Math.Min(Math.Max(concurrency.Initial, concurrency.Min), concurrency.Max),
        };
    }
}
