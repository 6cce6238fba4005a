using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From a rule's <c>retry</c> to a <see cref="RouteRetrySpec"/>.</summary>
internal static class RouteRetryReader
{
    /// <summary>How far a backoff that is stated as its first wait may grow.</summary>
    private const int GrowthOfBackoff = 10;

    private static readonly RetriesSpec Defaults = new();

    public static RouteRetrySpec Read(MapReader map)
    {
        var (conditions, statuses) = RetriesReader.ReadOn(map);
        var codes = StatusRangeReader.Read(map, "codes");
        var (methods, list) = RetriesReader.ReadMethods(map);
        var grpc = RetriesReader.ReadGrpc(map);
        var retry = new RouteRetrySpec
        {
            Attempts = (int?)map.Value("attempts", ScalarKinds.Number, (0, 100)),
            On = map.Has("on") ? [.. conditions] : null,
            Codes = map.Has("on") || map.Has("codes") ? [.. statuses, .. codes] : null,
            Grpc = map.Has("grpc") ? grpc : null,
            Methods = map.Has("methods") ? methods : null,
            MethodList = list,
            Backoff = map.Node("backoff") is { } backoff ? ReadBackoff(map, backoff) : null,
        };
        map.End();
        return retry;
    }

    /// <summary>Gateway API states the first wait alone; the whole of a backoff may be written as in a Service.</summary>
    private static BackoffSpec ReadBackoff(MapReader map, YamlNode node)
    {
        if (node is YamlMapping)
        {
            return BackoffReader.Read(map, Defaults.Backoff);
        }
        var first = map.Value("backoff", ScalarKinds.Duration, Ranges.Timeout) ?? Defaults.Backoff.Base;
        return new BackoffSpec(first, first * GrowthOfBackoff, Defaults.Backoff.Jitter);
    }
}
