using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>
/// What is understood and checked, but changes nothing in this version: its authors are told. All of it stands here, so that what comes into
/// force is taken out of one list.
/// </summary>
internal static class NotInForce
{
    private static readonly (string Kind, string What)[] Kinds =
    [
        (HttpRouteDocument.KindName, "routes"),
        (GrpcRouteDocument.KindName, "routes"),
        (FaultInjectionDocument.KindName, "faults"),
    ];

    /// <summary>Keys of a Service's spec.</summary>
    private static readonly string[] ServiceKeys = ["retries", "breaker", "rateLimit", "concurrency", "healthCheck"];

    private static readonly string[] PoolKeys = ["maxRequests"];

    private static readonly string[] BalancerKeys = ["slowStart", "panic", "zones"];

    private static readonly BalancerKind[] Balancers = [BalancerKind.RingHash];

    public static void WarnOfKind(Envelope envelope, string kind, ProblemSink warnings)
    {
        foreach (var (name, what) in Kinds)
        {
            if (name == kind)
            {
                warnings.Add(
                    new Position(envelope.Origin.Line, envelope.Origin.Column),
                    $"{kind} '{envelope.Name}' is understood, but {what} are not in force in this version"
                );
            }
        }
    }

    public static void WarnOfService(MapReader map, ProblemSink warnings) => Warn(map, ServiceKeys, "", warnings);

    public static void WarnOfPool(MapReader map, ProblemSink warnings) => Warn(map, PoolKeys, "pool.", warnings);

    public static void WarnOfBalancer(MapReader map, BalancerKind kind, ProblemSink warnings)
    {
        if (Balancers.Contains(kind))
        {
            var word = ServiceWords.Balancers.First(b => b.Item2 == kind).Item1;
            Warn(map, "kind", $"balancer '{word}'", warnings);
        }
        Warn(map, BalancerKeys, "balancer.", warnings);
    }

    private static void Warn(MapReader map, string[] keys, string prefix, ProblemSink warnings)
    {
        foreach (var key in keys)
        {
            Warn(map, key, $"'{prefix}{key}'", warnings);
        }
    }

    private static void Warn(MapReader map, string key, string subject, ProblemSink warnings)
    {
        if (map.Has(key))
        {
            warnings.Add(map.Place(key), $"{subject} is understood, but not in force in this version");
        }
    }
}
