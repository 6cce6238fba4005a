using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>What the rules of all kinds of route have in common.</summary>
internal static class RuleReader
{
    public const string RequestHeaders = "RequestHeaderModifier";
    public const string ResponseHeaders = "ResponseHeaderModifier";
    public const string Redirect = "RequestRedirect";
    public const string Rewrite = "URLRewrite";
    public const string Mirror = "RequestMirror";

    /// <summary>Backends of one rule.</summary>
    private const int MaxBackends = 1000;

    private const int MaxWeight = 1_000_000;

    private static readonly string[] BackendFilters = [RequestHeaders, ResponseHeaders];

    /// <summary>Name and backends; the rest is for the reader of the kind.</summary>
    public static RouteRule Read(MapReader map)
    {
        var name = map.Scalar("name", "write a name");
        map.Refuse(
            "sessionPersistence",
            "is not done by routes",
            "let the Service keep clients at their endpoint: 'balancer: {kind: ringHash, on: \"cookie:NAME\"}'"
        );
        var backends = map.Items("backendRefs", "a backendRef", ReadBackend);
        if (backends.Count > MaxBackends)
        {
            map.Problems.Add(
                map.Place("backendRefs"),
                $"there are {backends.Count} backendRefs, more than the {MaxBackends} of one rule"
            );
        }
        return new RouteRule
        {
            Name =
                name is not null && DocumentName.Check(name, "'name'", DocumentName.Plain, map.Problems)
                    ? name.Text
                    : null,
            Backends = [.. backends],
            Origin = map.Origin,
        };
    }

    private static WeightedBackend? ReadBackend(MapReader map)
    {
        ServiceRef.CheckKind(map);
        var name = ServiceRef.ReadName(map);
        var weight = map.Int("weight", 1, 0, MaxWeight);
        var filters = FilterReader.Read(map, BackendFilters);
        return name is null
            ? null
            : new WeightedBackend(name, weight, filters.RequestHeaders, filters.ResponseHeaders)
            {
                Origin = map.Origin,
            };
    }
}
