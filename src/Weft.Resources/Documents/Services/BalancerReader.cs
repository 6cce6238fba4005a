using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>balancer</c> to a <see cref="BalancerSpec"/>.</summary>
internal static class BalancerReader
{
    public static BalancerSpec Read(MapReader map)
    {
        var defaults = ServiceSpec.Default.Balancer;
        var kind = map.Choice("kind", defaults.Kind, ServiceWords.Balancers);
        var on = ReadKey(map, kind);
        var balancer = new BalancerSpec(kind, on)
        {
            SlowStart = map.Value("slowStart", ScalarKinds.Duration, Ranges.Timeout),
            Panic = map.Value("panic", ScalarKinds.Ratio, Ranges.Share) ?? defaults.Panic,
            Zones = map.Map("zones") is { } zones ? ReadZones(zones) : null,
        };
        map.End();
        return balancer;
    }

    private static string? ReadKey(MapReader map, BalancerKind kind)
    {
        const string expected = "write source, header:NAME or cookie:NAME";
        var on = map.Scalar("on", expected);
        if (on is not null && on.Text != "source" && !Words.IsNamed(on.Text, "header", "cookie"))
        {
            map.Problems.Add(on.Position, $"'on' cannot be {on.Noun}", expected);
        }
        if (kind == BalancerKind.RingHash && on is null)
        {
            map.Problems.Add(map.Position, "balancer 'ringHash' needs 'on'", expected);
        }
        else if (kind != BalancerKind.RingHash && on is not null)
        {
            map.Problems.Add(map.Place("on"), "'on' is for balancer 'ringHash'", "remove it");
        }
        return on?.Text;
    }

    private static ZonesSpec ReadZones(MapReader map)
    {
        var defaults = new ZonesSpec();
        var zones = new ZonesSpec
        {
            Failover = map.Value("failover", ScalarKinds.Ratio, Ranges.Share) ?? defaults.Failover,
        };
        map.End();
        return zones;
    }
}
